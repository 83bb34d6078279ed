package live

import (
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// KeycloakBrowser is a browser without scripts, which keeps its cookies: what a
// person in front of Keycloak's pages has. It works on any server that speaks as
// Keycloak does.
type KeycloakBrowser struct {
	t      testing.TB
	client *http.Client
}

// KeycloakPage is where a browser arrived.
type KeycloakPage struct {
	// URL is the address of the page, or what Keycloak redirected to.
	URL *url.URL
	// Status is the HTTP status of the page; 0 if the browser was sent elsewhere.
	Status int
	// Callback is the query of the address outside Keycloak to which the browser was
	// sent; nil on a page.
	Callback url.Values
	// Title is the title of the page, and Message what an error or information page says, or
	// what the page complains about.
	Title, Message string
	// Forms are the forms by their id, or by their name.
	Forms map[string]KeycloakForm
	// Links are the addresses of links by their id, or by their text: social-{alias} is how
	// a login page leads to an identity provider.
	Links map[string]string
	// Steps are the forms that were answered on the way, see [KeycloakBrowser.Login].
	Steps []string
}

// KeycloakForm is a form of a page.
type KeycloakForm struct {
	Action string
	// Fields are the values that are sent if nothing else is filled in.
	Fields url.Values
}

// maxHops ends redirects that lead in circles.
const maxHops = 20

// NewKeycloakBrowser returns a browser that has never been anywhere.
func NewKeycloakBrowser(t testing.TB) *KeycloakBrowser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal("live: cookies:", err)
	}
	return &KeycloakBrowser{t: t, client: &http.Client{
		Jar: plainJar{jar}, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// plainJar sends cookies over http that are marked for https only, as browsers do for
// loopback addresses.
type plainJar struct{ http.CookieJar }

// SetCookies implements [http.CookieJar].
func (j plainJar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		c.Secure = false
	}
	j.CookieJar.SetCookies(u, cookies)
}

// Open goes to an address and follows redirects, up to a page or out of Keycloak.
func (b *KeycloakBrowser) Open(address string) KeycloakPage {
	b.t.Helper()
	return b.navigate(http.MethodGet, address, nil)
}

// Follow clicks a link of the page.
func (b *KeycloakBrowser) Follow(page KeycloakPage, link string) KeycloakPage {
	b.t.Helper()
	address, ok := page.Links[link]
	if !ok {
		b.t.Fatalf("live: the page %q has no link %s", page.Title, link)
	}
	return b.Open(address)
}

// Submit fills in some fields of a form and sends it.
func (b *KeycloakBrowser) Submit(page KeycloakPage, form string, fields map[string]string) KeycloakPage {
	b.t.Helper()
	f, ok := page.Forms[form]
	if !ok {
		b.t.Fatalf("live: the page %q (status %d) has no form %s: %s", page.Title, page.Status, form, page.Message)
	}
	values := maps.Clone(f.Fields)
	for name, value := range fields {
		values.Set(name, value)
	}
	return b.navigate(http.MethodPost, f.Action, values)
}

func (b *KeycloakBrowser) navigate(method, address string, form url.Values) KeycloakPage {
	b.t.Helper()
	start, err := url.Parse(address)
	if err != nil {
		b.t.Fatal("live: address:", err)
	}
	at := start
	for range maxHops {
		page, next := b.fetch(method, at, form)
		switch {
		case next == nil && page.Forms[samlForm].Action != "":
			// A script sends this form in a real browser.
			next = b.parse(at, page.Forms[samlForm].Action)
			method, form = http.MethodPost, page.Forms[samlForm].Fields
		case next == nil:
			return page
		default:
			method, form = http.MethodGet, nil
		}
		if next.Host != start.Host {
			return KeycloakPage{URL: next, Callback: next.Query()}
		}
		at = next
	}
	b.t.Fatal("live: redirects lead in circles:", at.Path)
	return KeycloakPage{}
}

// samlForm is the name of the form by which SAML messages travel.
const samlForm = "saml-post-binding"

func (b *KeycloakBrowser) parse(base *url.URL, address string) *url.URL {
	b.t.Helper()
	next, err := base.Parse(address)
	if err != nil {
		b.t.Fatal("live: address:", err)
	}
	return next
}

// fetch returns a page, or where it redirects to.
func (b *KeycloakBrowser) fetch(method string, at *url.URL, form url.Values) (KeycloakPage, *url.URL) {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, at.String(), strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal("live: browser:", err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := b.client.Do(request)
	if err != nil {
		b.t.Fatal("live: browser:", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode/100 == 3 {
		return KeycloakPage{}, b.parse(at, response.Header.Get("Location"))
	}
	page := KeycloakPage{URL: at, Status: response.StatusCode, Forms: map[string]KeycloakForm{}, Links: map[string]string{}}
	tree, err := html.Parse(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		b.t.Fatal("live: page:", err)
	}
	page.read(tree)
	return page, nil
}
