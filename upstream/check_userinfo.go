package upstream

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/httpx"
)

// userinfo asks the userinfo endpoint with a token that is nobody's.
func (r *checkRun) userinfo(ctx context.Context) {
	at := r.report.Endpoints.Userinfo
	switch {
	case !r.entry.FetchUserinfo:
		return
	case at == "" && !r.read:
		r.skip("userinfo_endpoint", "userinfo is", "its address is not known", "")
		return
	case at == "":
		r.fail("fetch_userinfo", finding{"userinfo-reach", "is true, and the metadata has no userinfo_endpoint", "set userinfo_endpoint, or fetch_userinfo to false"})
		return
	}
	response := r.send(ctx, r.prober, httpx.Request{
		Method: http.MethodGet, URL: at, Bearer: maskit.NewSecret("maskit_check_" + rand.Text()), Header: http.Header{"Accept": {"application/json"}},
	})
	if response == nil {
		return
	}
	switch status := response.Status; {
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusBadRequest && !isHTML(response):
	case status >= 500, status == http.StatusNotFound, status == http.StatusMethodNotAllowed, isHTML(response):
		r.fail(httpx.Redact(at), finding{"userinfo-reach", fmt.Sprintf("does not answer a wrong token as userinfo does, but with %d", status), "correct userinfo_endpoint"})
	default:
		r.warn(httpx.Redact(at), finding{"userinfo-reach", fmt.Sprintf("answers a wrong token with %d instead of 401", status), "see whether this is the userinfo endpoint"})
	}
}
