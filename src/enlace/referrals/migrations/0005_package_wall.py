from django.db import migrations

from enlace.base.rows import OWN_AGENCY, wall

OF_SENDER = (
    "EXISTS (SELECT 1 FROM referrals_referral r WHERE r.id = referrals_disclosurepackage.referral_id "
    f"AND r.sender_code = {OWN_AGENCY})"
)


class Migration(migrations.Migration):
    dependencies = [("referrals", "0004_groups_and_packages")]
    operations = [
        # Whoever opens a package has no account: the actions of the public page look in the national scope.
        wall("referrals_disclosurepackage", OF_SENDER, delete="false"),
    ]
