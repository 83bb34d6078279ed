package routes_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse/routes"
)

// prefixRule is a path of the type Prefix or PathPrefix in a Kubernetes object.
type prefixRule struct {
	host, prefix string
	to           routes.Backend
}

// answers decides as the definitions of Ingress ("Prefix: matches based on a URL path
// prefix split by /, element by element") and of HTTPRoute (PathPrefix, the same)
// say: whole segments, a final slash of the prefix does not count, the longest
// prefix wins, and what no prefix matches is nobody's.
func answers(rules []prefixRule, host, target string) routes.Backend {
	path, _, _ := strings.Cut(target, "?")
	longest, to := -1, routes.Denied
	for _, rule := range rules {
		prefix := strings.TrimSuffix(rule.prefix, "/")
		within := path == prefix || strings.HasPrefix(path, prefix+"/")
		if rule.host == host && within && len(prefix) > longest {
			longest, to = len(prefix), rule.to
		}
	}
	return to
}

// backend is who has the Service of that name.
func backend(t require.TestingT, service string) routes.Backend {
	to, ok := map[string]routes.Backend{"mas": routes.MAS, "synapse": routes.Synapse, "": routes.Denied}[service]
	require.True(t, ok, service)
	return to
}

// documents decodes every document of a YAML stream into T.
func documents[T any](t require.TestingT, data []byte) []T {
	var list []T
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var document T
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			return list
		}
		require.NoError(t, err)
		list = append(list, document)
	}
}

func ingressRules(t require.TestingT, options routes.IngressOptions) []prefixRule {
	data, problems := routes.Ingress(options)
	require.NoError(t, problems.Err())
	type ingress struct {
		Spec struct {
			Rules []struct {
				Host string
				HTTP struct {
					Paths []struct {
						Path     string
						PathType string `yaml:"pathType"`
						Backend  struct{ Service struct{ Name string } }
					}
				}
			}
		}
	}
	var rules []prefixRule
	for _, object := range documents[ingress](t, data) {
		for _, rule := range object.Spec.Rules {
			for _, path := range rule.HTTP.Paths {
				require.Equal(t, "Prefix", path.PathType)
				rules = append(rules, prefixRule{rule.Host, path.Path, backend(t, path.Backend.Service.Name)})
			}
		}
	}
	return rules
}

func httpRouteRules(t require.TestingT, options routes.HTTPRouteOptions) []prefixRule {
	data, problems := routes.HTTPRoute(options)
	require.NoError(t, problems.Err())
	type route struct {
		Spec struct {
			Hostnames []string
			Rules     []struct {
				Matches     []struct{ Path struct{ Type, Value string } }
				BackendRefs []struct{ Name string } `yaml:"backendRefs"`
			}
		}
	}
	var rules []prefixRule
	for _, object := range documents[route](t, data) {
		for _, rule := range object.Spec.Rules {
			service := ""
			for _, ref := range rule.BackendRefs {
				service = ref.Name
			}
			for _, match := range rule.Matches {
				require.Equal(t, "PathPrefix", match.Path.Type)
				rules = append(rules, prefixRule{object.Spec.Hostnames[0], match.Path.Value, backend(t, service)})
			}
		}
	}
	return rules
}

func clusterSite() maskit.Site {
	site := site()
	site.MASURL = "http://mas.matrix-auth.svc.cluster.local:8080/"
	site.SynapseURL = "http://synapse.matrix.svc.cluster.local:8008/"
	return site
}

func gateway() []routes.Parent {
	return []routes.Parent{{Namespace: "gateway", Name: "public"}}
}

func TestTwelvePaths(t *testing.T) {
	t.Parallel()
	var paths []string
	for _, rule := range ingressRules(t, routes.IngressOptions{Options: routes.Options{Site: clusterSite()}}) {
		if rule.to == routes.MAS && rule.host == "matrix.example.com" {
			paths = append(paths, strings.TrimPrefix(rule.prefix, "/_matrix/client/"))
		}
	}
	require.Equal(t, []string{
		"api/v1/login", "r0/login", "v3/login", "unstable/login",
		"api/v1/logout", "r0/logout", "v3/logout", "unstable/logout",
		"api/v1/refresh", "r0/refresh", "v3/refresh", "unstable/refresh",
	}, paths)
}

// overmatches are the requests of which Ingress and HTTPRoute say something else
// than Route, when the path is compared as it was sent. All are harmless:
//
//   - below the twelve paths, MAS answers 404 where Synapse, which delegates
//     authentication, answers 404 too;
//   - nobody denies dots. Synapse resolves none and answers 404. Controllers
//     that resolve them before they compare pass the path on that they compared.
func overmatches() map[string]routes.Backend {
	return map[string]routes.Backend{
		// Below the twelve paths.
		"/_matrix/client/v3/login/cas/ticket":       routes.MAS,
		"/_matrix/client/v3/login/sso":              routes.MAS,
		"/_matrix/client/v3/login/sso/redirect/a/b": routes.MAS,
		"/_matrix/client/v3/logout/allx":            routes.MAS,
		"/_matrix/client/v3/refresh/x":              routes.MAS,
		"doubled slash at the end":                  routes.MAS,
		"doubled slash before an empty provider":    routes.MAS,
		"very long path":                            routes.MAS,
		// Dots.
		"one dot at the end":           routes.MAS,
		"two dots at the end":          routes.MAS,
		"one dot":                      routes.Synapse,
		"dots up to login":             routes.Synapse,
		"dots up to mas":               routes.Synapse,
		"dots up from client to mas":   routes.Synapse,
		"dots before an encoded slash": routes.Synapse,
		"dots after an encoded slash":  routes.Synapse,
		"encoded dots":                 routes.Synapse,
		"mixed dots":                   routes.Synapse,
		"fragment before dots":         routes.Synapse,
	}
}

func TestPrefixesAgreeWithRoute(t *testing.T) {
	t.Parallel()
	options := routes.Options{Site: clusterSite()}
	table := table(t, options)
	for kind, rules := range map[string][]prefixRule{
		"Ingress":             ingressRules(t, routes.IngressOptions{Options: options}),
		"HTTPRoute":           httpRouteRules(t, routes.HTTPRouteOptions{Options: options, Parents: gateway()}),
		"HTTPRoute 1.0":       httpRouteRules(t, routes.HTTPRouteOptions{Options: options, Parents: gateway(), GatewayAPI: maskit.Version{Major: 1}}),
		"HTTPRoute elsewhere": httpRouteRules(t, routes.HTTPRouteOptions{Options: options, Parents: gateway(), InSynapseNamespace: true}),
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			got := map[string]routes.Backend{}
			for _, c := range append(usualCases(), oddCases()...) {
				to := answers(rules, table.ClientAPIHost, c.Target)
				if to != table.Route("GET", c.Target) {
					got[c.Name] = to
				}
				t.Logf("%s: %.80q -> %s", kind, c.Target, to)
			}
			require.Equal(t, overmatches(), got)
		})
	}
}

func TestHTTPRouteDeniesOnTheAccountHost(t *testing.T) {
	t.Parallel()
	options := routes.Options{Site: clusterSite()}
	route := httpRouteRules(t, routes.HTTPRouteOptions{Options: options, Parents: gateway()})
	ingress := ingressRules(t, routes.IngressOptions{Options: options})
	for target, want := range accountCases("") {
		if strings.Contains(target, "..") || strings.Contains(target, "%2e") {
			continue
		}
		require.Equal(t, want, answers(route, "account.example.com", target), target)
		require.Equal(t, routes.MAS, answers(ingress, "account.example.com", target), target)
	}
}

// TestPrefixesNeverOpenWhatIsDenied holds for all options and paths without dots.
func TestPrefixesNeverOpenWhatIsDenied(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		options, path := drawOptions(t), drawPath(t)
		table, problems := options.Table()
		require.NoError(t, problems.Err())
		host := rapid.SampledFrom([]routes.Host{routes.ClientAPI, routes.Account}).Draw(t, "host")
		want := table.Decide(host, "GET", path).To
		name := map[routes.Host]string{routes.ClientAPI: table.ClientAPIHost, routes.Account: table.AccountHost}[host]
		got := answers(httpRouteRules(t, routes.HTTPRouteOptions{Options: options, Parents: gateway()}), name, path)
		compat := strings.HasPrefix(path, "/_matrix/client/") && got == routes.MAS && want == routes.Synapse
		if got != want && !compat {
			t.Fatalf("%s: HTTPRoute says %s, Route says %s", path, got, want)
		}
	})
}
