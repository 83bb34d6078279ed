package upstream

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/internal/httpx"
	"github.com/maskit-dev/maskit/upstream/internal/jwks"
)

// keys reads the keys that sign ID tokens, which MAS does anew at every login.
func (r *checkRun) keys(ctx context.Context) {
	at := r.report.Endpoints.JWKS
	switch {
	case !r.wantsIDToken():
		return
	case at == "":
		r.skip("jwks_uri", "the keys are", "their address is not known", "")
		return
	}
	response, _ := r.document(ctx, at)
	if response == nil {
		return
	}
	path := httpx.Redact(at)
	if response.Status != http.StatusOK || response.Truncated {
		r.fail(path, finding{"jwks-fetch", fmt.Sprintf("answers %d instead of the keys", response.Status), "correct jwks_uri at the provider, or write it into the entry"})
		return
	}
	keys, defects, err := jwks.Parse(response.Body)
	if err != nil {
		r.fail(path, finding{"jwks-fetch", err.Error(), "correct jwks_uri at the provider, or write it into the entry"})
		return
	}
	for _, d := range defects {
		r.fail(path, finding{"jwks-fetch", d.String() + ", and for this one key MAS refuses all, at every login", "remove this key from the set at the provider"})
	}
	if len(keys) > 0 || len(defects) == 0 {
		r.judgeKeys(path, keys)
	}
}

// judgeKeys looks for a key for the algorithm of ID tokens.
func (r *checkRun) judgeKeys(path string, keys []jwks.Key) {
	alg := string(r.entry.IDTokenSignedResponseAlg)
	if !slices.Contains(jwks.Algs(), alg) {
		return // Validate has said so
	}
	usable, small := false, 0
	for _, key := range keys {
		if !key.Verifies(alg) {
			continue
		}
		usable = true
		if key.Type == "RSA" && key.Bits < 2048 {
			small = key.Bits
		}
	}
	if !usable {
		r.fail(path, finding{"jwks-key", "has no key by which MAS can verify " + alg + keysThere(keys), "let the provider sign with " + alg + ", or set id_token_signed_response_alg to what it signs with"})
	}
	if small > 0 {
		r.warn(path, finding{"jwks-rsa-size", fmt.Sprintf("has an RSA key of %d bits", small), "use 2048 bits at least"})
	}
}

// keysThere says what a set has instead.
func keysThere(keys []jwks.Key) string {
	var there []string
	for _, key := range keys {
		text := strings.Join(slices.DeleteFunc([]string{key.Type, key.Curve, key.Use, key.Alg}, func(s string) bool { return s == "" }), " ")
		if key.Broken != "" {
			text += " (" + key.Broken + ")"
		}
		there = append(there, text)
	}
	if len(there) == 0 {
		return ": it is empty"
	}
	return ": there is " + httpx.Printable(strings.Join(there, ", "), 200)
}
