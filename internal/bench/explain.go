package main

import (
	"fmt"
	"time"

	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
)

// explaining predicts the first login of somebody through an entry with the default rules
// and a gate.
func explaining() (row, error) {
	rules := claims.Rules{Require: claims.Require{Groups: []string{"staff"}}}
	imports, problems := rules.Imports(claims.StandardSources())
	if err := problems.Err(); err != nil {
		return row{}, fmt.Errorf("compile claims: %w", err)
	}
	entry := upstream.Entry{ClaimsImports: imports}
	login := upstream.Claims{IDToken: map[string]any{
		"sub": "8f2f1a66-52c1-4d5c-9b55-0a4d3b1c7f10", "preferred_username": "alice.liddell", "name": "Alice Liddell",
		"email": "alice@example.com", "email_verified": true, "groups": []any{"everybody", "staff"},
	}}
	return row{
		name: "explain a login", aim: 50 * time.Microsecond,
		run: func() error {
			got, problems := upstream.Explain(entry, login)
			if got.Outcome != upstream.OutcomeRegistered {
				return fmt.Errorf("explain: %v %w", got, problems.Err())
			}
			return nil
		},
	}, nil
}
