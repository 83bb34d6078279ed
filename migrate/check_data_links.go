package migrate

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/synapse"
)

// threepidRows is the pass over e-mail addresses and phone numbers.
func threepidRows() table {
	return table{
		path: "user_threepids", from: "user_threepids t LEFT JOIN users u ON u.name = t.user_id", key: "t.user_id", user: "t.user_id",
		flags: []flag{
			{code: CodeOrphanRows, when: "u.name IS NULL"},
			{code: CodeNonEmailThreepids, when: "t.medium <> 'email'"},
			remains(),
		},
	}
}

// linkRows is the pass over links to identity providers.
func linkRows() table {
	return table{
		path: "user_external_ids", from: "user_external_ids e LEFT JOIN users u ON u.name = e.user_id", key: "e.user_id", user: "e.user_id",
		flags: []flag{{code: CodeOrphanRows, when: "u.name IS NULL"}, remains()},
	}
}

// providerLook finds links of providers that Synapse or MAS does not know.
func providerLook(job *Job) look {
	return look{name: "providers", run: func(ctx context.Context, tx pgx.Tx) ([]Anomaly, error) {
		rows, err := tx.Query(ctx, `SELECT auth_provider FROM user_external_ids GROUP BY 1 ORDER BY 1`)
		if err != nil {
			return nil, err
		}
		providers, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return nil, err
		}
		var anomalies []Anomaly
		for _, provider := range providers {
			judged := Anomaly{Provider: provider}
			if !job.judgeProvider(&judged) {
				continue
			}
			found, err := providerLinks(judged).run(ctx, tx)
			if err != nil {
				return nil, err
			}
			anomalies = append(anomalies, found...)
		}
		return anomalies, nil
	}}
}

// providerLinks is the pass over the links of a provider.
func providerLinks(judged Anomaly) table {
	return table{
		path: "user_external_ids", from: "user_external_ids e", key: "e.user_id", user: "e.user_id",
		where: "e.auth_provider = $1", args: []any{judged.Provider}, flags: []flag{{code: judged.Code, when: "true"}},
		complete: func(a *Anomaly) { a.Provider, a.Issuer, a.Mapped = judged.Provider, judged.Issuer, judged.Mapped },
	}
}

// judgeProvider sets the code of the links of a provider, and reports whether there is
// something to say about them. The conditions are those of mas-cli syn2mas check, but
// for providers that MAS has and does not enable: there, its migration fails.
func (j *Job) judgeProvider(a *Anomaly) bool {
	const delegated = "oauth-delegated"
	_, a.Mapped = j.Providers[a.Provider]
	at := slices.IndexFunc(j.Legacy.OIDC, func(p synapse.OIDCProvider) bool { return p.SynapseIDPID == a.Provider })
	switch {
	case a.Provider == delegated:
		a.Code = CodeExistingOAuthDelegated
	case at < 0:
		a.Code = CodeSynapseMissingOAuthProvider
	case !a.Mapped:
		a.Code, a.Issuer = CodeMASMissingOAuthProvider, j.Legacy.OIDC[at].Issuer
	default:
		return false
	}
	return true
}
