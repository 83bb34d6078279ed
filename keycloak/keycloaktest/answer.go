package keycloaktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
)

// answer is a complete response.
type answer struct {
	status  int
	header  map[string]string
	cookies []*http.Cookie
	body    []byte
	// unknown says that nothing here answers to the request.
	unknown bool
	// notices go out before the answer does.
	notices []notice
}

func (a answer) write(w http.ResponseWriter) {
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	for _, c := range a.cookies {
		http.SetCookie(w, c)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that went away is no concern of ours
}

// response is the answer as a client gets it.
func (a answer) response(r *http.Request) *http.Response {
	out := &http.Response{
		Status: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: r,
	}
	for name, value := range a.header {
		out.Header.Set(name, value)
	}
	for _, c := range a.cookies {
		out.Header.Add("Set-Cookie", c.String())
	}
	return out
}

// failed reports whether the answer is a refusal.
func (a answer) failed() bool { return a.status >= http.StatusBadRequest }

func jsonAnswer(status int, value any) answer {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return refuse(http.StatusInternalServerError, "keycloaktest: "+err.Error())
	}
	return answer{
		status: status, body: bytes.TrimSuffix(body.Bytes(), []byte("\n")),
		header: map[string]string{"Content-Type": "application/json", "Cache-Control": "no-cache"},
	}
}

func ok(value any) answer { return jsonAnswer(http.StatusOK, value) }

func noContent() answer { return answer{status: http.StatusNoContent} }

// created says where the new thing is.
func (c *call) created(segments ...string) answer {
	return answer{status: http.StatusCreated, header: map[string]string{"Location": c.origin + c.adminPath(segments...)}}
}

// refuse is one of Keycloak's two shapes of a refusal: {"error": text}.
func refuse(status int, text string) answer { return jsonAnswer(status, document{"error": text}) }

// refuseWhy is refuse with a description.
func refuseWhy(status int, code, description string) answer {
	return jsonAnswer(status, document{"error": code, "error_description": description})
}

// refuseMessage is the other shape: {"errorMessage": text}.
func refuseMessage(status int, text string) answer {
	return jsonAnswer(status, document{"errorMessage": text})
}

// broke is what Keycloak says when it fails itself.
func broke() answer {
	return refuseWhy(http.StatusInternalServerError, "unknown_error", "For more on this error consult the server log.")
}

func (c *call) duplicate() answer { return c.conflict("Duplicate resource error") }

func (c *call) conflict(description string) answer {
	if c.options.Version == V260 {
		return refuseWhy(http.StatusConflict, "unknown_error", description)
	}
	return refuseWhy(http.StatusConflict, "conflict", description)
}

func notServed(what string) answer {
	a := refuse(http.StatusNotImplemented, "keycloaktest: "+what+" is not implemented here")
	a.unknown = true
	return a
}

func htmlAnswer(status int, title, inner string) answer {
	return answer{
		status: status, header: map[string]string{"Content-Type": "text/html;charset=utf-8", "Cache-Control": "no-store"},
		body: []byte("<!DOCTYPE html>\n<html><head><title>" + html.EscapeString(title) + "</title></head>\n<body>\n" + inner + "</body></html>\n"),
	}
}
