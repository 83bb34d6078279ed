package migrate

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
	"github.com/maskit-dev/maskit/synapse"
)

// DiscoverIssuers asks each provider that has metadata for the issuer that they state
// (OpenID Connect Discovery 1.0, section 4), for [ProviderOptions]. A provider that does
// not answer is a warning, and is left out. Nothing but a GET without credentials is
// sent. A nil client is one without a proxy.
func DiscoverIssuers(ctx context.Context, providers []synapse.OIDCProvider, client *http.Client) (map[string]string, maskit.Problems) {
	issuers := map[string]string{}
	var problems maskit.Problems
	asker := httpx.New(httpx.Config{HTTPClient: client})
	for _, p := range providers {
		if !p.Discover {
			continue
		}
		issuer, err := askIssuer(ctx, asker, p.Issuer)
		switch {
		case err != nil:
			problems = append(problems, maskit.Problem{
				Path: p.Path + ".issuer", Pos: p.Pos, Code: "issuer-unchecked", Severity: maskit.SeverityWarning,
				Message: "its metadata could not be read: " + err.Error(), Hint: "ask again from where MAS will run",
			})
			continue
		case strings.TrimRight(issuer, "/") != strings.TrimRight(p.Issuer, "/"):
			problems = append(problems, maskit.Problem{
				Path: p.Path + ".issuer", Pos: p.Pos, Code: "issuer-differs", Severity: maskit.SeverityWarning,
				Message: "its metadata state another issuer, " + httpx.Printable(issuer, 200), Hint: "look whether that is the provider you mean",
			})
		}
		issuers[p.SynapseIDPID] = issuer
	}
	return issuers, problems
}

// askIssuer reads the metadata where Synapse does: below the issuer without its final slash.
func askIssuer(ctx context.Context, client *httpx.Client, issuer string) (string, error) {
	response, err := client.Do(ctx, httpx.Request{
		Method: http.MethodGet, URL: strings.TrimRight(issuer, "/") + "/.well-known/openid-configuration", Redirects: 3,
	})
	if err != nil {
		return "", err
	}
	if response.Status != http.StatusOK {
		return "", fmt.Errorf("the server answered %d", response.Status)
	}
	var metadata struct {
		Issuer string `json:"issuer"`
	}
	if err := json.Unmarshal(response.Body, &metadata); err != nil || metadata.Issuer == "" {
		return "", fmt.Errorf("the answer is no metadata of an issuer")
	}
	return metadata.Issuer, nil
}
