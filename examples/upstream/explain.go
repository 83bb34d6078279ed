package main

import (
	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream"
)

// explain predicts what MAS makes of the claims.
func explain(out output, in input) error {
	entry, warnings, err := in.entry()
	if err != nil {
		return err
	}
	explanation, problems := in.explainer().Explain(entry, in.claims)
	problems = append(warnings, problems...)
	if out.json {
		err = out.encode(struct {
			upstream.Explanation

			Problems maskit.Problems `json:"problems,omitempty"`
		}{explanation, problems})
	} else if err = out.print(explanation.String()); err == nil {
		err = out.findings(problems)
	}
	if err == nil && problems.Err() != nil {
		return errFound
	}
	return err
}

func (in input) explainer() upstream.Explainer {
	explainer := upstream.Explainer{ServerName: in.env.Site.ServerName}
	for _, name := range in.exists {
		explainer.Accounts = append(explainer.Accounts, upstream.Account{Localpart: name})
	}
	return explainer
}
