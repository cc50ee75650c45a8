from django.db import migrations

from enlace.base.rows import OWN_AGENCY, wall

OWN = f"agency_code = {OWN_AGENCY}"
LEADS = (
    "EXISTS (SELECT 1 FROM cases_case c WHERE c.id = assistance_servicegiven.case_id "
    f"AND c.lead_agency_code = {OWN_AGENCY})"
)
JOINED = f"EXISTS (SELECT 1 FROM cases_caseagency a WHERE a.case_id = assistance_servicegiven.case_id AND a.{OWN})"
OF_REFERRAL = (
    "(referral_id IS NULL OR EXISTS (SELECT 1 FROM referrals_referral r "
    "WHERE r.id = assistance_servicegiven.referral_id AND r.case_id = assistance_servicegiven.case_id "
    f"AND r.recipient_code = {OWN_AGENCY}))"
)


class Migration(migrations.Migration):
    dependencies = [("assistance", "0001_initial"), ("cases", "0002_walls"), ("referrals", "0002_walls")]
    operations = [
        wall("assistance_servicegiven", f"{OWN} OR {LEADS}", f"{OWN} AND {JOINED}", insert=OF_REFERRAL, delete="false"),
    ]
