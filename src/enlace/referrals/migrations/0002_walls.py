from django.db import migrations

from enlace.base.guards import append_only
from enlace.base.rows import OWN_AGENCY, wall

PARTY = f"sender_code = {OWN_AGENCY} OR recipient_code = {OWN_AGENCY}"
OF_PARTY = f"EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = referrals_referralstep.referral_id AND ({PARTY}))"
JOINED = (
    "EXISTS (SELECT 1 FROM cases_caseagency a WHERE a.case_id = referrals_referral.case_id "
    f"AND a.agency_code = {OWN_AGENCY})"
)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("cases", "0002_walls")]
    operations = [
        wall("referrals_referral", PARTY, insert=f"sender_code = {OWN_AGENCY} AND {JOINED}", delete="false"),
        wall("referrals_referralstep", OF_PARTY, insert=f"agency_code = {OWN_AGENCY}"),
        append_only("referrals_referralstep"),
    ]
