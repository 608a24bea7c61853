module github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof

go 1.26.0

replace github.com/accesscontrol/terraform-provider-accesscontrol => ../..

require github.com/accesscontrol/terraform-provider-accesscontrol v0.0.0-00010101000000-000000000000
