package claims

import (
	"cmp"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// DisplayName says how the display name is made. Without one, MAS asks for it in a
// step of its own when the account is created.
type DisplayName struct {
	// Action says how the name is used. Default: force, which leaves no choice.
	Action mas.ImportAction `yaml:"action"`
	// Claims are tried in turn; the first that is not blank is the name.
	// Default: name, then preferred_username.
	Claims []string `yaml:"claims"`
}

func (n DisplayName) withDefaults(d DisplayName) DisplayName {
	n.Action = cmp.Or(n.Action, d.Action)
	if len(n.Claims) == 0 {
		n.Claims = d.Claims
	}
	n.Claims = slices.Clone(n.Claims)
	return n
}

func (n DisplayName) entry(s Sources) mas.ClaimImport {
	switch {
	case n.Action == mas.ImportIgnore:
		return mas.ClaimImport{Action: n.Action}
	case s.NameFromCallback != "":
		return mas.ClaimImport{Action: n.Action, Template: callbackName(s.NameFromCallback, n.Claims)}
	}
	return mas.ClaimImport{Action: n.Action, Template: firstText(n.Claims)}
}

func (n DisplayName) problems() maskit.Problems {
	const path = "claims.display_name."
	problems := check.OneOf(path+"action", n.Action, mas.ImportIgnore, mas.ImportSuggest, mas.ImportForce, mas.ImportRequire)
	for i, name := range n.Claims {
		at := strictyaml.ItemPath(path+"claims", i)
		problems = append(problems, check.Required(at, name, "the name of a claim, such as name")...)
		problems = append(problems, check.Text(at, name)...)
	}
	return problems
}
