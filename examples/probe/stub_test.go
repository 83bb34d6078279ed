package main

import (
	"io"
	"net/http"
	"strings"
)

// server is who a reply comes from, which shows in its headers.
type server int

const (
	byNobody server = iota // the edge itself
	bySynapse
	byMAS
)

type reply struct {
	from   server
	status int
	body   string
}

func (r reply) write(w http.ResponseWriter) {
	h := w.Header()
	if r.from != byNobody {
		h.Set("Content-Type", "application/json")
		h.Set("Access-Control-Allow-Origin", "*")
	}
	switch r.from {
	case bySynapse:
		h.Set("Server", "Synapse/1.163.2")
	case byMAS:
		h.Set("Vary", "origin, access-control-request-method, access-control-request-headers")
	case byNobody:
	}
	w.WriteHeader(r.status)
	_, _ = io.WriteString(w, r.body)
}

func unrecognized() reply {
	return reply{bySynapse, 404, `{"errcode":"M_UNRECOGNIZED","error":"Unrecognized request"}`}
}

// synapseReplies are by method and path, as Synapse 1.163 with MAS gives them.
func synapseReplies() map[string]reply {
	const metadata = `{"issuer":"https://account.example.com/"}`
	return map[string]reply{
		"GET /_matrix/client/versions":                                  {bySynapse, 200, `{"versions":["v1.15"]}`},
		"GET /_matrix/client/v1/auth_metadata":                          {bySynapse, 200, metadata},
		"GET /_matrix/client/unstable/org.matrix.msc2965/auth_metadata": {bySynapse, 200, metadata},
		"GET /_matrix/client/v3/account/whoami":                         {bySynapse, 401, `{"errcode":"M_UNKNOWN_TOKEN","error":"Token is not active"}`},
		"GET /_matrix/federation/v1/version":                            {bySynapse, 200, `{"server":{"name":"Synapse","version":"1.163.2"}}`},
		"GET /_synapse/admin/v1/server_version":                         {bySynapse, 200, `{"server_version":"1.163.2"}`},
		"GET /_synapse/mas/is_localpart_available":                      {bySynapse, 400, `{"errcode":"M_UNKNOWN","error":"Missing localpart"}`},
	}
}

func masReplies() map[string]reply {
	replies := map[string]reply{
		"GET /.well-known/openid-configuration": {byMAS, 200, `{"issuer":"https://account.example.com/"}`},
		"POST /oauth2/introspect":               {byMAS, 200, `{"active":false}`},
	}
	for _, version := range []string{"r0", "v3", "unstable"} {
		base := " /_matrix/client/" + version
		refused := reply{byMAS, 401, `{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token"}`}
		replies["GET"+base+"/login"] = reply{byMAS, 200, `{"flows":[{"type":"m.login.sso","oauth_aware_preferred":true}]}`}
		replies["OPTIONS"+base+"/login"] = reply{byMAS, 200, ""}
		replies["POST"+base+"/logout"], replies["POST"+base+"/logout/all"], replies["POST"+base+"/refresh"] = refused, refused, refused
		replies["GET"+base+"/login/sso/redirect"] = reply{byMAS, 400, ""}
		replies["GET"+base+"/login/sso/redirect/maskit-probe"] = reply{byMAS, 400, ""}
	}
	return replies
}

// unable is what Synapse answers when it cannot ask MAS.
func unable() reply {
	return reply{bySynapse, 503, `{"errcode":"M_UNKNOWN","error":"Unable to introspect the access token"}`}
}

// masDown is what is seen of a MAS that is down.
func masDown() map[string]reply {
	faults := map[string]reply{"GET /_matrix/client/v3/account/whoami": unable()}
	for key := range masReplies() {
		faults[key] = reply{byNobody, 502, "<html><center>nginx</center></html>"}
	}
	return faults
}

// stub gives the replies, those of faults before all others.
func stub(replies, faults map[string]reply) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Method + " " + r.URL.EscapedPath()
		answer, ok := faults[key]
		if !ok {
			answer, ok = replies[key]
		}
		if !ok {
			answer = unrecognized()
		}
		answer.write(w)
	})
}

// edgeStub answers for all public names.
func edgeStub(faults map[string]reply) http.Handler {
	replies := synapseReplies()
	for key, answer := range masReplies() {
		replies[key] = answer
	}
	replies["GET /.well-known/matrix/client"] = reply{byMAS, 200, `{"m.homeserver":{"base_url":"https://matrix.example.com"}}`}
	replies["GET /.well-known/matrix/server"] = reply{byMAS, 200, `{"m.server":"matrix.example.com:443"}`}
	inner := stub(replies, faults)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_synapse/") {
			reply{byNobody, 404, ""}.write(w)
			return
		}
		inner.ServeHTTP(w, r)
	})
}
