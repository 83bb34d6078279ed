package mastest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/maskit-dev/maskit"
)

// malformed is the description of invalid_request in RFC 6749, 5.2.
const malformed = "The request is missing a required parameter, includes an invalid parameter value, " +
	"includes a parameter more than once, or is otherwise malformed."

// refuse is an error of RFC 6749, 5.2.
func refuse(status int, code, description string) answer {
	return jsonAnswer(status, struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}{code, description})
}

// checkForm refuses a form that MAS cannot read; it answers 500 then. Without
// a form there is nothing to refuse yet.
func checkForm(c call) *answer {
	if !c.hasForm {
		return nil
	}
	problem := ""
	for _, name := range []string{"client_id", "client_secret", "client_assertion_type", "client_assertion", "token", "token_type_hint"} {
		if len(c.form[name]) > 1 {
			problem = "duplicate field `" + name + "`"
			break
		}
	}
	if problem == "" && len(c.form["token"]) == 0 {
		problem = "missing field `token`"
	}
	if problem == "" {
		return nil
	}
	a := refuse(http.StatusInternalServerError, "server_error", "Failed to deserialize form body: "+problem)
	return &a
}

// authenticate lets the homeserver pass, by its Bearer token. It knows no
// clients, so every other credential is unknown or malformed.
func (s *Server) authenticate(c call) *answer {
	deny := func(status int, code, description string) *answer {
		a := refuse(status, code, description)
		return &a
	}
	if c.authorization.IsZero() {
		return authenticateForm(c)
	}
	header := c.authorization.Reveal()
	if token, ok := cutScheme(header, "Bearer"); ok {
		switch {
		case strings.TrimSpace(token) == "":
			return deny(http.StatusBadRequest, "invalid_request", "Invalid Authorization header")
		case hasAny(c, "client_id", "client_secret", "client_assertion_type", "client_assertion"):
			return deny(http.StatusBadRequest, "invalid_request", malformed)
		case !s.cfg.SharedSecret.Equal(maskit.NewSecret(token)):
			return deny(http.StatusUnauthorized, "access_denied", "bearer token presented is invalid")
		}
		return nil
	}
	id, ok := basicUser(header)
	switch {
	case !ok:
		return deny(http.StatusBadRequest, "invalid_request", "Invalid Authorization header")
	case hasAny(c, "client_secret", "client_assertion_type", "client_assertion"):
		return deny(http.StatusBadRequest, "invalid_request", malformed)
	case hasAny(c, "client_id") && c.FormValue("client_id") != id:
		return deny(http.StatusBadRequest, "invalid_grant",
			fmt.Sprintf("client_id in form (%q) does not match credential (%q)", c.FormValue("client_id"), id))
	}
	return deny(http.StatusUnauthorized, "invalid_client", "Client authentication failed.")
}

// authenticateForm judges the credentials of a request without an
// Authorization header. None of them suffices here.
func authenticateForm(c call) *answer {
	a := refuse(http.StatusBadRequest, "invalid_request", malformed)
	assertion := hasAny(c, "client_assertion_type") && hasAny(c, "client_assertion")
	switch {
	case !hasAny(c, "client_id", "client_secret", "client_assertion_type", "client_assertion"):
		a = refuse(http.StatusBadRequest, "invalid_request", "No credentials were presented")
	case hasAny(c, "client_id") && !hasAny(c, "client_assertion_type", "client_assertion"):
		a = refuse(http.StatusUnauthorized, "invalid_client", "Client authentication failed.")
	case assertion && !hasAny(c, "client_secret"):
		a = authenticateAssertion(c)
	}
	return &a
}

func authenticateAssertion(c call) answer {
	const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" //nolint:gosec // the name of a method (RFC 7523), no credential
	id := c.FormValue("client_id")
	if kind := c.FormValue("client_assertion_type"); kind != jwtBearer {
		if hasAny(c, "client_id") {
			return refuse(http.StatusBadRequest, "invalid_request", malformed)
		}
		return refuse(http.StatusBadRequest, "invalid_request", "Unsupported client_assertion_type: "+kind)
	}
	subject, ok := jwtSubject(c.FormValue("client_assertion"))
	switch {
	case !ok:
		return refuse(http.StatusBadRequest, "invalid_request", "Invalid client_assertion")
	case hasAny(c, "client_id") && id != subject:
		return refuse(http.StatusBadRequest, "invalid_grant",
			fmt.Sprintf("client_id in form (%q) does not match credential (%q)", id, subject))
	}
	return refuse(http.StatusUnauthorized, "invalid_client", "Client authentication failed.")
}

func hasAny(c call, names ...string) bool {
	for _, name := range names {
		if len(c.form[name]) > 0 {
			return true
		}
	}
	return false
}

func basicUser(header string) (string, bool) {
	encoded, ok := cutScheme(header, "Basic")
	if !ok {
		return "", false
	}
	decoded, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return "", false
	}
	user, _, ok := strings.Cut(string(decoded), ":")
	return user, ok
}

// jwtSubject reads the claim sub of a JWT without verifying anything.
func jwtSubject(token string) (string, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", false
	}
	var header struct {
		Algorithm *string `json:"alg"`
	}
	var claims struct {
		Subject *string `json:"sub"`
	}
	_, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !decodePart(parts[0], &header) || !decodePart(parts[1], &claims) {
		return "", false
	}
	if header.Algorithm == nil || claims.Subject == nil {
		return "", false
	}
	return *claims.Subject, true
}

func decodePart(part string, out any) bool {
	data, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(data, out) == nil
}
