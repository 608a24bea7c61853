# The id of the account, and the e-mail or the id of the member.
terraform import accesscontrol_account_member_api_access.ci 01a7362d577a6c3019a474fd6f485823/ci@example.com
terraform import accesscontrol_account_member_api_access.ci 01a7362d577a6c3019a474fd6f485823/d2b755c2693d060b9fc264d0c2a9f928
