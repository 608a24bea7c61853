// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package prove

// Factor is a reason why the enumeration need not cross two dimensions with each other, and the test of this
// package that shows it.
type Factor struct {
	// Dimensions are what is not crossed.
	Dimensions string
	// Because is what must hold for that.
	Because string
	// Test is the test's name.
	Test string
}

// Factors lists all of them, for the report.
func Factors() []Factor {
	return []Factor{
		{
			"life, IP condition, address and switch × groups, keys, denies and roles",
			"which of gates 1 to 6 refuses does not depend on what policies and roles grant; once these pass, nothing later depends on life, address or switch",
			"TestFactor_earlyGates",
		},
		{
			"groups that an operation does not accept × everything",
			"taking from every policy the groups that are not accepted changes nothing",
			"TestFactor_otherGroups",
		},
		{
			"several policies, groups and keys in one token",
			"a token decides as one that has a policy for each single group on each single key, in any order",
			"TestFactor_policiesAreUnions",
		},
		{
			"keys that name other accounts and zones × everything",
			"taking away every key that names neither the target's account nor its zone nor a wildcard changes nothing",
			"TestFactor_otherKeys",
		},
		{
			"members, accounts and zones beside those of the request × everything",
			"taking away all memberships but the owner's in the targets' accounts, and all accounts and zones but the targets', changes nothing",
			"TestFactor_otherThings",
		},
		{
			"identifiers",
			"renaming every user, account and zone changes nothing",
			"TestFactor_names",
		},
		{
			"several targets in one request",
			"the verdict is the earliest of the single targets' verdicts, by gate and then by the reason's place within the gate",
			"TestFactor_targets",
		},
		{
			"items of a list × each other",
			"an item is in a list exactly when the list's operation passes on it alone",
			"TestFactor_lists",
		},
	}
}
