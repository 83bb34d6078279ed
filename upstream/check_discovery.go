package upstream

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/internal/httpx"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/discovery"
)

// discover reads the metadata where MAS does.
func (r *checkRun) discover(ctx context.Context) {
	if r.entry.DiscoveryMode == mas.DiscoveryDisabled {
		r.read, r.trusted = true, true
		return
	}
	at := metadataURL(r.entry.Issuer)
	if at == "" {
		r.skip("issuer", "the metadata is", "the issuer is not a URL", "")
		return
	}
	response, final := r.document(ctx, at)
	if response == nil || !r.isMetadata(at, response) {
		return
	}
	if !r.decode(at, response.Body) {
		return
	}
	r.report.Issuer = r.metadata.Text("issuer")
	same := r.judgeIssuer(at)
	r.trusted = same && sameSite(at, final) && (isHTTPS(final) || r.entry.DiscoveryMode == mas.DiscoveryInsecure)
}

// metadataURL is where MAS looks for the metadata; empty if the issuer is no URL.
func metadataURL(issuer string) string {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return ""
	}
	if !strings.HasSuffix(u.Path, "/") {
		u = u.JoinPath("/")
	}
	u.RawQuery, u.Fragment = "", ""
	return u.String() + discovery.Path
}

// isMetadata reports whether an answer may be metadata.
func (r *checkRun) isMetadata(at string, response *httpx.Response) bool {
	const hint = "the issuer must be the address below which the provider has .well-known/openid-configuration"
	switch {
	case response.Status != http.StatusOK:
		r.fail(at, finding{"disc-http", fmt.Sprintf("answers %d instead of the metadata", response.Status), hint})
	case response.Truncated:
		r.fail(at, finding{"disc-http", "answers with more than 1 MiB, which is no metadata", hint})
	case isHTML(response):
		r.fail(at, finding{"disc-http", "answers with a page in HTML instead of the metadata", hint})
	default:
		return true
	}
	return false
}

// isHTML reports whether an answer is a page, whatever its type says.
func isHTML(response *httpx.Response) bool {
	start := bytes.ToLower(bytes.TrimSpace(response.Body[:min(len(response.Body), 512)]))
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}

// decode decodes the metadata as MAS does, and reports whether there is any.
func (r *checkRun) decode(at string, body []byte) bool {
	metadata, defects, err := discovery.Decode(body)
	if err != nil {
		r.fail(at, finding{"disc-decode", err.Error(), "the provider must serve its metadata there"})
		return false
	}
	r.metadata, r.read = metadata, true
	defective := map[string]bool{}
	for _, d := range defects {
		defective[d.Field] = true
		r.fail(at, finding{
			"disc-decode", d.Field + " " + d.Message + ", so that MAS cannot read the metadata",
			"correct it at the provider, or write the endpoints into the entry with discovery_mode disabled",
		})
	}
	missing := slices.DeleteFunc(metadata.Missing(), func(field string) bool { return defective[field] })
	if len(missing) > 0 {
		r.fail(at, finding{
			"disc-required", "lacks " + strings.Join(missing, ", ") + ", which MAS requires",
			"complete it at the provider, or write the endpoints into the entry with discovery_mode disabled",
		})
	}
	return true
}

// judgeIssuer says in what the issuer differs: MAS compares it byte for byte, with
// the metadata in mode oidc, and with every ID token in all modes. It reports whether
// the issuers are the same.
func (r *checkRun) judgeIssuer(at string) bool {
	want, got := r.entry.Issuer, r.metadata.Text("issuer")
	switch got {
	case "":
		return false // that it is missing has been said
	case want:
		return true
	}
	message := fmt.Sprintf("the issuer is %q, not %q: %s", httpx.Printable(got, 200), want, issuerDifference(got, want))
	if r.entry.DiscoveryMode == mas.DiscoveryInsecure {
		message += "; discovery_mode insecure lets this pass, and then every ID token is refused"
	}
	hint := "write issuer: " + httpx.Printable(got, 200) + ", if that is your provider"
	if strings.Contains(got, "{tenantid}") {
		hint = "write the GUID of your tenant into the issuer, or use discovery_mode disabled without issuer and with a list of tenants"
	}
	r.fail(at, finding{"disc-issuer", message, hint})
	return false
}

func issuerDifference(got, want string) string {
	g, err := url.Parse(got)
	w, err2 := url.Parse(want)
	switch {
	case strings.Contains(got, "{tenantid}"):
		return "it is that of many tenants, and no ID token has it"
	case err != nil || err2 != nil || g.Host == "":
		return "it is no URL"
	case got == want+"/":
		return "a final slash is missing"
	case got+"/" == want:
		return "the final slash is too much"
	case strings.EqualFold(got, want):
		return "the letters differ in case"
	case g.Scheme != w.Scheme && g.Host == w.Host && g.Path == w.Path:
		return "the scheme differs"
	case g.Hostname() != w.Hostname():
		return "the host differs"
	case g.Host != w.Host:
		return "the port differs"
	case isGUID(g.Path) && !isGUID(w.Path):
		return "the tenant stands there as GUID, not as domain"
	}
	return "the path differs"
}

// isGUID reports whether a path has a segment of the form of a GUID.
func isGUID(path string) bool {
	return slices.ContainsFunc(strings.Split(path, "/"), func(s string) bool {
		return len(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-'
	})
}
