package probe

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/maskit-dev/maskit/internal/httpx"
)

// answer is what came of a question: a response or an error. The zero value
// means that it was not asked.
type answer struct {
	url      string
	response *httpx.Response
	err      error
}

// answers are found by the key of the question.
type answers map[string]answer

func (a answer) asked() bool { return a.url != "" }

// status is the HTTP status, 0 without an answer.
func (a answer) status() int {
	if a.response == nil {
		return 0
	}
	return a.response.Status
}

// isOK reports whether the status is 200.
func (a answer) isOK() bool { return a.status() == http.StatusOK }

// from says who answered, by what only Synapse and only MAS send. Proxies change
// the Server header (nginx does), and seldom the others.
func (a answer) from() Responder {
	if a.response == nil {
		return Nobody
	}
	h := a.response.Header
	switch {
	case strings.HasPrefix(h.Get("Server"), "Synapse/"),
		has(h, "Access-Control-Expose-Headers", "Synapse-Trace-Id"):
		return Synapse
	case has(h, "Vary", "access-control-request-method"), a.hasText("<title>matrix-authentication-service</title>"):
		return MAS
	case a.hasText("<title>404 - No Such Resource</title>"): // Twisted, for a path outside of the Matrix API
		return Synapse
	}
	return a.fromText()
}

// fromText tells them apart by the body alone, where a proxy has removed headers.
func (a answer) fromText() Responder {
	var body struct {
		matrixError
		Versions      []string `json:"versions"`
		ServerVersion string   `json:"server_version"`
		GraphQL       string   `json:"org.matrix.matrix-authentication-service.graphql_endpoint"`
		Flows         []struct {
			Aware     bool `json:"oauth_aware_preferred"`
			Delegated bool `json:"org.matrix.msc3824.delegated_oidc_compatibility"`
		} `json:"flows"`
	}
	if !a.decode(&body) {
		return Other
	}
	for _, flow := range body.Flows {
		if flow.Aware || flow.Delegated {
			return MAS
		}
	}
	switch {
	case body.Text == "Invalid access token", body.Text == "Invalid refresh token":
		return MAS
	case strings.HasPrefix(body.Code, "M_"), body.Versions != nil, body.ServerVersion != "", body.GraphQL != "" && a.isMetadata():
		return Synapse
	case body.GraphQL != "":
		return MAS
	}
	return Other
}

// isMetadata reports whether Synapse was asked for the document of MAS.
func (a answer) isMetadata() bool { return strings.HasSuffix(a.url, "/auth_metadata") }

// matrixError is the body of an error (Matrix specification, client-server API, "Standard error response").
type matrixError struct {
	Code string `json:"errcode"`
	Text string `json:"error"`
}

// refusal is the error in the body; zero if there is none.
func (a answer) refusal() matrixError {
	var e matrixError
	a.decode(&e)
	return e
}

func (a answer) decode(v any) bool {
	return a.response != nil && !a.response.Truncated && json.Unmarshal(a.response.Body, v) == nil
}

func (a answer) hasText(text string) bool {
	return a.response != nil && strings.Contains(string(a.response.Body), text)
}

// isGateway reports whether a proxy says that it reaches nobody behind it. The
// statuses from 520 are Cloudflare's.
func (a answer) isGateway() bool {
	switch status := a.status(); {
	case status >= http.StatusBadGateway && status <= http.StatusGatewayTimeout, status >= 520 && status <= 530:
		return a.from() == Other
	}
	return false
}

// isMASPage reports whether MAS answered that it does not know the path.
func (a answer) isMASPage() bool { return a.status() == http.StatusNotFound && a.from() == MAS }

// issuer is that of a discovery document or of auth_metadata; empty if it is none.
func (a answer) issuer() string {
	var document discovery
	if a.status() != http.StatusOK || !a.decode(&document) {
		return ""
	}
	return document.Issuer
}

// discovery is the part of OpenID Connect Discovery 1.0 that is compared.
type discovery struct {
	Issuer        string `json:"issuer"`
	Authorization string `json:"authorization_endpoint"`
	Token         string `json:"token_endpoint"`
	JWKS          string `json:"jwks_uri"`
}

// has reports whether a header that is a list holds an item, in any case.
func has(h http.Header, name, item string) bool {
	for part := range strings.SplitSeq(strings.Join(h.Values(name), ","), ",") {
		if strings.EqualFold(strings.TrimSpace(part), item) {
			return true
		}
	}
	return false
}
