package keycloak

import (
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
)

// UserProfile is what the realm knows about its users. When somebody sets an attribute in
// Keycloak that it does not declare, that is dropped without a word; what a directory or an
// identity provider brings gets into tokens all the same (seen in 26.7).
//
// Keycloak has it since 24. Attributes that the spec does not name stay as they are.
type UserProfile struct {
	// Attributes are declared.
	Attributes []ProfileAttribute `yaml:"attributes"`
	// Unmanaged says what becomes of attributes that are not declared.
	Unmanaged UnmanagedAttributes `yaml:"unmanaged"`
}

// UnmanagedAttributes is who may see and set attributes that are not declared.
type UnmanagedAttributes string

// The values of UnmanagedAttributes.
const (
	UnmanagedOff       UnmanagedAttributes = "off"        // nobody: they are dropped; Keycloak's default
	UnmanagedAdminView UnmanagedAttributes = "admin_view" // administrators see them
	UnmanagedAdminEdit UnmanagedAttributes = "admin_edit" // administrators see and set them
	UnmanagedEnabled   UnmanagedAttributes = "enabled"    // also the users themselves: never let such an attribute decide about access
)

// wire is what Keycloak calls the value; for off it has no word.
func (u UnmanagedAttributes) wire() string {
	if u == UnmanagedOff {
		return ""
	}
	return strings.ToUpper(string(u))
}

// Who sees, sets or must have an attribute.
const (
	ProfileAdmin = "admin" // administrators
	ProfileUser  = "user"  // the user
)

// ProfileAttribute is a user attribute that the realm declares.
type ProfileAttribute struct {
	// Name of the attribute: letters, digits and . _ -. Required, and never changed.
	Name string `yaml:"name"`
	// DisplayName is what forms call it; it may be a key of a translation: ${employeeId}.
	DisplayName Opt[string] `yaml:"display_name"`
	// Multivalued lets it have several values.
	Multivalued Opt[bool] `yaml:"multivalued"`
	// Group is the group of attributes under which forms show it. It must exist.
	Group Opt[string] `yaml:"group"`
	// View lists who sees it: admin, user. Nil leaves it alone; a new attribute is seen by
	// both.
	View []string `yaml:"view"`
	// Edit lists who sets it. Nil leaves it alone; a new attribute is set by
	// administrators alone, since a claim that users choose themselves proves nothing.
	Edit []string `yaml:"edit"`
	// RequiredFor lists who must fill it in; empty for nobody, nil leaves it alone. Users
	// without it are asked for it at their next login.
	RequiredFor []string `yaml:"required_for"`
	// Validations are all validators, by name, with their settings; nil leaves them alone,
	// empty removes them: {length: {max: 20}}.
	Validations map[string]map[string]any `yaml:"validations"`
	// Annotations tell forms how to show it. Those that are not named are left alone; the
	// empty string removes one.
	Annotations map[string]string `yaml:"annotations"`
}

func (u UserProfile) validate() maskit.Problems {
	var ps maskit.Problems
	switch u.Unmanaged {
	case "", UnmanagedOff, UnmanagedAdminView, UnmanagedAdminEdit, UnmanagedEnabled:
	default:
		ps = append(ps, maskit.Problem{Path: "unmanaged", Code: "unknown-value", Message: "is none of off, admin_view, admin_edit and enabled"})
	}
	return append(ps, below("attributes", named[ProfileAttribute]{
		key: "name", name: func(a ProfileAttribute) string { return a.Name }, validate: ProfileAttribute.validate,
		twice: "is declared twice", hint: "remove one",
	}.validateAll(u.Attributes))...)
}

func (a ProfileAttribute) validate() maskit.Problems {
	var ps maskit.Problems
	if a.Name == "" {
		ps = append(ps, missing("name", "the name of the attribute"))
	} else if strings.Trim(a.Name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
		ps = append(ps, maskit.Problem{Path: "name", Code: "attribute-name", Message: "has a character that Keycloak refuses", Hint: "use letters, digits and . _ -"})
	}
	for _, list := range []struct {
		path string
		who  []string
	}{{"view", a.View}, {"edit", a.Edit}, {"required_for", a.RequiredFor}} {
		for i, who := range list.who {
			if who != ProfileAdmin && who != ProfileUser {
				ps = append(ps, maskit.Problem{Path: fmt.Sprintf("%s[%d]", list.path, i), Code: "unknown-value", Message: "is neither admin nor user"})
			}
		}
	}
	return ps
}

func (a ProfileAttribute) fields() []field {
	f := settings{}
	f.optional(a.DisplayName, "displayName")
	f.flag(a.Multivalued, "multivalued")
	f.optional(a.Group, "group")
	f.list(a.View, "permissions", "view")
	f.list(a.Edit, "permissions", "edit")
	switch {
	case a.RequiredFor == nil:
	case len(a.RequiredFor) == 0:
		f.own(nil, "required")
	default:
		f.list(a.RequiredFor, "required", "roles")
	}
	if a.Validations != nil {
		f.own(a.Validations, "validations")
	}
	f.entries(a.Annotations, "annotations")
	return f
}
