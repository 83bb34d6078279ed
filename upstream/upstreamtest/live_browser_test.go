package upstreamtest_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// person is somebody in front of the pages of MAS, with a browser of their own.
type person struct {
	t      *testing.T
	mas    string // with a final slash
	client *http.Client
}

// masPage is a page of MAS.
type masPage struct {
	url    *url.URL
	status int
	// location is where the browser is sent that is not MAS; empty on a page.
	location string
	text     string
	// forms are the forms that post.
	forms []masForm
}

// masForm is a form: the inputs by their names.
type masForm struct{ inputs map[string]masInput }

type masInput struct {
	value    string
	kind     string
	readonly bool
}

func newPerson(t *testing.T, mas string) person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return person{t: t, mas: mas, client: &http.Client{
		Jar: jar, Timeout: time.Minute,
		CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			if !strings.HasPrefix(r.URL.String(), mas) {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}}
}

// logIn goes to MAS and from there to the provider, and returns the page of MAS to which
// the browser comes back, or that MAS shows instead of sending it there.
func (p person) logIn(idp *upstreamtest.IDP, provider, user string) masPage {
	p.t.Helper()
	return p.logInBy(provider, func(address string) string {
		callback, err := idp.LogIn(p.t.Context(), address, user)
		require.NoError(p.t, err)
		return callback.String()
	})
}

// logInBy is logIn with somebody who knows how to sign in at the address of the provider,
// and where that leads.
func (p person) logInBy(provider string, signIn func(address string) string) masPage {
	p.t.Helper()
	page := p.open(p.mas + "upstream/authorize/" + provider)
	if page.location == "" {
		return page
	}
	return p.open(signIn(page.location))
}

func (p person) open(address string) masPage {
	p.t.Helper()
	return p.fetch(http.MethodGet, address, nil)
}

// fetch follows redirects, but not away from MAS.
func (p person) fetch(method, address string, form url.Values) masPage {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), method, address, strings.NewReader(form.Encode()))
	require.NoError(p.t, err)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := p.client.Do(request)
	require.NoError(p.t, err)
	defer func() { require.NoError(p.t, response.Body.Close()) }()
	tree, err := html.Parse(io.LimitReader(response.Body, 1<<20))
	require.NoError(p.t, err)
	page := masPage{url: response.Request.URL, status: response.StatusCode, location: response.Header.Get("Location"), text: pageText(tree)}
	for node := range tree.Descendants() {
		if node.Type == html.ElementNode && node.Data == "form" && strings.EqualFold(attribute(node, "method"), "post") {
			page.forms = append(page.forms, readForm(node))
		}
	}
	return page
}

// submit sends the form of the page that has the input, with these values in place of
// those that stand there.
func (p person) submit(page masPage, input string, values map[string]string) masPage {
	p.t.Helper()
	for _, form := range page.forms {
		if _, ok := form.inputs[input]; !ok {
			continue
		}
		body := url.Values{}
		for name, in := range form.inputs {
			body.Set(name, in.value)
		}
		for name, value := range values {
			body.Set(name, value)
		}
		return p.fetch(http.MethodPost, page.url.String(), body)
	}
	p.t.Fatalf("the page %s (%d) has no form with the input %s: %s", page.url.Path, page.status, input, page.text)
	return masPage{}
}

func readForm(form *html.Node) masForm {
	inputs := map[string]masInput{}
	for node := range form.Descendants() {
		if node.Type != html.ElementNode || node.Data != "input" && node.Data != "button" || attribute(node, "name") == "" {
			continue
		}
		in := masInput{value: attribute(node, "value"), kind: attribute(node, "type")}
		for _, a := range node.Attr {
			in.readonly = in.readonly || a.Key == "readonly" || a.Key == "disabled"
		}
		if in.kind == "checkbox" && in.value == "" {
			in.value = "on"
		}
		inputs[attribute(node, "name")] = in
	}
	return masForm{inputs}
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// pageText is what people read, with single spaces.
func pageText(tree *html.Node) string {
	var words []string
	for node := range tree.Descendants() {
		if node.Type == html.TextNode && node.Parent.Data != "script" && node.Parent.Data != "style" {
			words = append(words, strings.Fields(node.Data)...)
		}
	}
	return strings.Join(words, " ")
}
