package keycloak

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/maskit-dev/maskit"
)

// Report is what [Provisioner.Verify] found.
type Report struct {
	// Realm is the name of the realm.
	Realm string `json:"realm"`
	// Issuer is what the realm's metadata calls itself; empty if it cannot be read.
	Issuer string `json:"issuer"`
	// Claims are those of an ID token for the client, had the user of [Spec].VerifyAs
	// logged in just now; nil if there is no such user.
	Claims map[string]any `json:"claims"`
	// Problems are everything that is not as it should be, and what could not be
	// checked (severity skip).
	Problems maskit.Problems `json:"problems"`
	// Requests is how many requests it took.
	Requests int `json:"requests"`
}

// MarshalJSON implements [json.Marshaler]: what is empty is an empty list.
func (r *Report) MarshalJSON() ([]byte, error) {
	type plain Report
	out := plain(*r)
	out.Problems = append(maskit.Problems{}, r.Problems...)
	return json.Marshal(out)
}

// Verify checks that the realm is as the spec says, that its public metadata is what
// MAS needs, and that logins give MAS the claims that it needs. It changes nothing.
//
// The error says that the spec is wrong, or that something could not be read at all;
// everything else is in [Report].Problems.
func (p *Provisioner) Verify(ctx context.Context, spec Spec) (*Report, error) {
	fail := func(err error) (*Report, error) {
		return nil, fmt.Errorf("keycloak: verify realm %s: %w", spec.Realm.Name, err)
	}
	if err := spec.ready(); err != nil {
		return fail(err)
	}
	r := p.newRun(spec.derived())
	report := &Report{Realm: r.realm}
	plan, err := r.plan(ctx)
	if err != nil {
		return fail(err)
	}
	found := append(r.spec.problems(), plan.found...)
	found = append(found, differences(plan)...)
	if !r.gone {
		issuer, problems := r.discover(ctx)
		report.Issuer, found = issuer, append(found, problems...)
		found = append(found, p.tokens.skewProblems()...)
		directories, err := r.judgeLDAP(ctx)
		if err != nil {
			return fail(err)
		}
		found = append(found, directories...)
		claims, problems, err := r.claims(ctx)
		if failsBehindLDAP(err, directories) {
			problems, err = maskit.Problems{claimsBehindLDAP()}, nil
		}
		if err != nil {
			return fail(err)
		}
		report.Claims, found = claims, append(found, problems...)
		members, err := r.judgeMembers(ctx)
		if err != nil {
			return fail(err)
		}
		found = append(found, members...)
	}
	report.Problems = found.Accept(spec.Acknowledge...)
	report.Requests = int(r.wire.count.requests.Load())
	return report, nil
}

// differences are the changes of a plan, as problems.
func differences(plan *Plan) maskit.Problems {
	var ps maskit.Problems
	for _, c := range append(append(maskit.Changes{}, plan.Changes...), plan.Deletions...) {
		p := maskit.Problem{Path: c.Subject, Code: "differs", Message: "is not as the spec says", Hint: "make a plan and apply it"}
		switch c.Action {
		case maskit.ActionCreate:
			p.Code, p.Message = "missing", "does not exist"
		case maskit.ActionDelete:
			p.Code, p.Message = "surplus", "is not in the spec"
		case maskit.ActionUpdate:
			p.Message += ": " + fieldNames(c.Fields)
		}
		ps = append(ps, p)
	}
	return ps
}

func fieldNames(fields []maskit.FieldChange) string {
	text := ""
	for i, f := range fields {
		if i > 0 {
			text += ", "
		}
		text += f.String()
	}
	return text
}
