from django.db import migrations

from enlace.base.rows import OWN_AGENCY, wall

PARTY = f"sender_code = {OWN_AGENCY} OR recipient_code = {OWN_AGENCY}"
OF_PARTY = f"EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = referrals_referralstep.referral_id AND ({PARTY}))"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]
    operations = [wall("referrals_referral", PARTY), wall("referrals_referralstep", OF_PARTY)]
