package routes_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/synapse/routes"
)

func ExampleIngress() {
	options := routes.IngressOptions{Options: routes.Options{Site: maskit.Site{
		AccountURL: "https://account.example.com/", ClientAPIURL: "https://matrix.example.com/",
		SynapseURL: "http://synapse.matrix.svc:8008/", MASURL: "http://mas.matrix-auth.svc:8080/",
	}}}
	objects, problems := routes.Ingress(options)
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(string(objects)) {
		if strings.HasPrefix(line, "  name") || strings.Contains(line, "host:") {
			fmt.Print(line)
		}
	}
	// Output:
	//   name: maskit-compat
	//   namespace: matrix-auth
	//     - host: matrix.example.com
	//   name: maskit-synapse
	//   namespace: matrix
	//     - host: matrix.example.com
	//   name: maskit-account
	//   namespace: matrix-auth
	//     - host: account.example.com
}

// prefixed puts MAS below a path of the homeserver's host.
func prefixed() routes.Options {
	site := clusterSite()
	site.AccountURL, site.MASURL = site.ClientAPIURL+"auth/", site.MASURL+"auth/"
	return routes.Options{Site: site}
}

// opened has every switch on, TLS to MAS and Synapse, and Services named by hand.
func opened() (routes.Options, routes.Cluster) {
	site := site()
	site.MASURL, site.SynapseURL = "https://10.0.0.7:8443/", "https://10.0.0.8/"
	options := routes.Options{
		Site: site, SynapsePaths: []string{"/_synapse/jitsi"}, SynapseWellKnown: true,
		PublicSynapseMAS: true, PublicSynapseAdmin: true, PublicMASAdmin: true, MaxBodyBytes: 100 << 20, Name: "edge",
		Listener: routes.Listener{
			Certificate:        routes.Certificate{File: "/etc/ssl/matrix.pem"},
			AccountCertificate: routes.Certificate{File: "/etc/ssl/account.crt", KeyFile: "/etc/ssl/account.key"},
		},
	}
	return options, routes.Cluster{
		MAS:     routes.Service{Namespace: "matrix", Name: "mas", Port: 8443},
		Synapse: routes.Service{Namespace: "matrix", Name: "synapse", Port: 443},
		Labels:  map[string]string{"app.kubernetes.io/part-of": "matrix"}, Annotations: map[string]string{"example.com/yes": "yes"},
	}
}

func TestKubernetesGoldens(t *testing.T) {
	t.Parallel()
	usual := routes.Options{Site: clusterSite()}
	open, cluster := opened()
	ingress := func(o routes.IngressOptions) ([]byte, maskit.Problems) { return routes.Ingress(o) }
	cases := map[string]func() ([]byte, maskit.Problems){
		"ingress": func() ([]byte, maskit.Problems) { return ingress(routes.IngressOptions{Options: usual}) },
		"ingress-open": func() ([]byte, maskit.Problems) {
			return ingress(routes.IngressOptions{
				Options: open, Cluster: cluster, ClassName: "nginx", ClientAPITLSSecret: "matrix-tls", AccountTLSSecret: "account-tls",
				TLSAnnotations: map[string]string{"cert-manager.io/cluster-issuer": "letsencrypt"},
			})
		},
		"httproute": func() ([]byte, maskit.Problems) {
			return routes.HTTPRoute(routes.HTTPRouteOptions{Options: usual, Parents: gateway()})
		},
		"httproute-1.0": func() ([]byte, maskit.Problems) {
			return routes.HTTPRoute(routes.HTTPRouteOptions{Options: usual, Parents: gateway(), GatewayAPI: maskit.Version{Major: 1}})
		},
		"httproute-synapse-namespace": func() ([]byte, maskit.Problems) {
			parents := []routes.Parent{{Namespace: "gateway", Name: "public", SectionName: "https"}}
			return routes.HTTPRoute(routes.HTTPRouteOptions{Options: usual, Parents: parents, InSynapseNamespace: true})
		},
		"httproute-prefix": func() ([]byte, maskit.Problems) {
			return routes.HTTPRoute(routes.HTTPRouteOptions{Options: prefixed(), Parents: gateway()})
		},
		"httproute-open": func() ([]byte, maskit.Problems) {
			return routes.HTTPRoute(routes.HTTPRouteOptions{Options: open, Cluster: cluster, Parents: gateway()})
		},
		"ingressroute": func() ([]byte, maskit.Problems) {
			return routes.IngressRoute(routes.IngressRouteOptions{Options: usual, EntryPoints: []string{"websecure"}, ClientAPITLSSecret: "matrix-tls", AccountTLSSecret: "account-tls"})
		},
		"ingressroute-prefix": func() ([]byte, maskit.Problems) {
			return routes.IngressRoute(routes.IngressRouteOptions{Options: prefixed(), CertResolver: "letsencrypt"})
		},
		"ingressroute-open": func() ([]byte, maskit.Problems) {
			return routes.IngressRoute(routes.IngressRouteOptions{
				Options: open, Cluster: cluster, NoTLS: true, MASServersTransport: "mas-tls", SynapseServersTransport: "synapse-tls",
			})
		},
	}
	for name, render := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, problems := render()
			require.NoError(t, problems.Err())
			golden.Require(t, "testdata/kubernetes/"+name+".yaml", string(data))
			again, _ := render()
			require.Equal(t, string(data), string(again), "same options, same bytes")
		})
	}
}

func TestKubernetesProblems(t *testing.T) {
	t.Parallel()
	usual := routes.Options{Site: clusterSite()}
	noService := routes.Options{Site: site()}
	address := usual
	address.Site.ClientAPIURL = "https://192.0.2.1/"
	tls := usual
	tls.Site.MASURL = "https://mas.matrix-auth.svc:8443/"
	files := usual
	files.MAS.CAFile = "/etc/ssl/ca.pem"
	inside := usual
	inside.Synapse.URL = "https://10.0.0.8:8448/"
	open, cluster := opened()
	many := usual
	for i := range 200 {
		many.SynapsePaths = append(many.SynapsePaths, fmt.Sprintf("/extra/%d", i))
	}
	manyRules := usual
	manyRules.SynapsePaths = many.SynapsePaths[:126]
	info := []string{"info deny-inexpressible", "info client-address", "info max_body_bytes body-size"}
	problems := func(_ []byte, problems maskit.Problems) maskit.Problems { return problems }
	cases := map[string]struct {
		got  maskit.Problems
		want []string
	}{
		"ingress": {problems(routes.Ingress(routes.IngressOptions{Options: usual})), info},
		"ingress: all at once": {
			problems(routes.Ingress(routes.IngressOptions{Options: noService, ClassName: "no name", ClientAPITLSSecret: "-", AccountTLSSecret: "a/b"})),
			[]string{
				"error cluster.mas.namespace required", "error cluster.mas.name required", "error cluster.mas.port out-of-range",
				"error cluster.synapse.namespace required", "error cluster.synapse.name required", "error cluster.synapse.port out-of-range",
				"error class_name name-invalid", "error client_api_tls_secret name-invalid", "error account_tls_secret name-invalid",
			},
		},
		"ingress: names": {
			problems(routes.Ingress(routes.IngressOptions{Options: usual, Cluster: routes.Cluster{MAS: routes.Service{Namespace: "A", Name: strings.Repeat("a", 64), Port: 65536}}})),
			[]string{"error cluster.mas.namespace name-invalid", "error cluster.mas.name name-invalid", "error cluster.mas.port out-of-range"},
		},
		"ingress: labels": {
			problems(routes.Ingress(routes.IngressOptions{
				Options: usual, TLSAnnotations: map[string]string{"-": ""},
				Cluster: routes.Cluster{Labels: map[string]string{"b": "no value", "a b": "x", "example.com/c": ""}, Annotations: map[string]string{"/": "", "d": "any text\n"}},
			})),
			[]string{
				`error cluster.annotations["/"] key-invalid`, `error cluster.labels["a b"] key-invalid`, `error cluster.labels["b"] label-invalid`,
				`error tls_annotations["-"] key-invalid`,
			},
		},
		"ingress: prefix":     {problems(routes.Ingress(routes.IngressOptions{Options: prefixed()})), []string{"error site.account_url prefix-inexpressible"}},
		"ingress: IP address": {problems(routes.Ingress(routes.IngressOptions{Options: address})), []string{"error site.client_api_url host-not-dns"}},
		"ingress: TLS":        {problems(routes.Ingress(routes.IngressOptions{Options: tls})), append([]string{"warning site.mas_url tls-inexpressible"}, info...)},
		"httproute":           {problems(routes.HTTPRoute(routes.HTTPRouteOptions{Options: usual, Parents: gateway()})), []string{"info client-address"}},
		"httproute: parents": {
			problems(routes.HTTPRoute(routes.HTTPRouteOptions{Options: usual, Parents: []routes.Parent{{SectionName: "A"}}})),
			[]string{"error parents[0].namespace required", "error parents[0].name required", "error parents[0].section_name name-invalid"},
		},
		"httproute: no parents": {problems(routes.HTTPRoute(routes.HTTPRouteOptions{Options: usual})), []string{"error parents required"}},
		"httproute: open": {
			problems(routes.HTTPRoute(routes.HTTPRouteOptions{Options: open, Cluster: cluster, Parents: gateway()})),
			[]string{"warning site.mas_url tls-inexpressible", "warning site.synapse_url tls-inexpressible", "info client-address", "info max_body_bytes body-size"},
		},
		"httproute: too many matches": {problems(routes.HTTPRoute(routes.HTTPRouteOptions{Options: many, Parents: gateway()})), []string{"error synapse_paths too-many-paths"}},
		"httproute: as many as fit":   {problems(routes.HTTPRoute(routes.HTTPRouteOptions{Options: manyRules, Parents: gateway()})), []string{"info client-address"}},
		"httproute: as many as fit into rules of 8": {
			problems(routes.HTTPRoute(routes.HTTPRouteOptions{Options: manyRules, Parents: gateway(), GatewayAPI: maskit.Version{Major: 1, Patch: 1}, InSynapseNamespace: true})),
			[]string{"info client-address"},
		},
		"ingressroute": {problems(routes.IngressRoute(routes.IngressRouteOptions{Options: usual})), nil},
		"ingressroute: names": {
			problems(routes.IngressRoute(routes.IngressRouteOptions{Options: files, EntryPoints: []string{"web", "a b"}, CertResolver: "le", AccountTLSSecret: "x"})),
			[]string{"error entry_points[1] name-invalid", "error cert_resolver two-certificates", "error mas.ca_file file-inexpressible"},
		},
		"ingressroute: https inside": {
			problems(routes.IngressRoute(routes.IngressRouteOptions{Options: open, Cluster: cluster, SynapseServersTransport: "A"})),
			[]string{"warning site.mas_url tls-without-name", "error synapse_servers_transport name-invalid"},
		},
		"traefik: two certificates": {
			problems(routes.Traefik(routes.TraefikOptions{Options: open, CertResolver: "le"})), []string{"error cert_resolver two-certificates"},
		},
		"traefik": {problems(routes.Traefik(routes.TraefikOptions{Options: usual})), nil},
		"traefik: proxies in front": {
			problems(routes.Traefik(routes.TraefikOptions{Options: behind(usual)})), []string{"info listener.trusted_proxies client-address"},
		},
		"in-cluster: proxies in front": {
			problems(routes.InCluster(routes.InClusterOptions{Options: behind(usual)})), []string{"warning listener.trusted_proxies no-meaning"},
		},
		"in-cluster: https at an address": {problems(routes.InCluster(routes.InClusterOptions{Options: inside})), []string{"error synapse.url tls-without-name"}},
		"in-cluster: the same in Caddy":   {problems(routes.InCluster(routes.InClusterOptions{Options: inside, Proxy: routes.RouterCaddy})), nil},
		"in-cluster: unknown proxy":       {problems(routes.InCluster(routes.InClusterOptions{Options: usual, Proxy: 7})), []string{"error proxy unknown-proxy"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range c.got {
				require.NotEmpty(t, p.Hint, p.Code)
				got = append(got, strings.ReplaceAll(p.Severity.String()+" "+p.Path+" "+p.Code, "  ", " "))
			}
			require.Equal(t, c.want, got)
		})
	}
}

func behind(o routes.Options) routes.Options {
	o.Listener.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.1.2.3/8")}
	return o
}

func TestNoOutputBesideAnError(t *testing.T) {
	t.Parallel()
	for name, render := range map[string]func() ([]byte, maskit.Problems){
		"ingress":      func() ([]byte, maskit.Problems) { return routes.Ingress(routes.IngressOptions{}) },
		"httproute":    func() ([]byte, maskit.Problems) { return routes.HTTPRoute(routes.HTTPRouteOptions{}) },
		"ingressroute": func() ([]byte, maskit.Problems) { return routes.IngressRoute(routes.IngressRouteOptions{}) },
		"traefik":      func() ([]byte, maskit.Problems) { return routes.Traefik(routes.TraefikOptions{}) },
		"in-cluster":   func() ([]byte, maskit.Problems) { return routes.InCluster(routes.InClusterOptions{}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, problems := render()
			require.ErrorIs(t, problems.Err(), maskit.ErrInvalid)
			require.Nil(t, data)
		})
	}
}

// FuzzKubernetes renders any names and labels: what passes is YAML with the
// objects that are expected and no others, and says what was given.
func FuzzKubernetes(f *testing.F) {
	f.Add("matrix-auth", "mas", "8080", "/_synapse/jitsi", "yes", "https://matrix.example.com/")
	f.Add("a\n---\nkind: Secret", "on", "1", "/a b", "\x00{{ .Env }}", "https://a.example/`)||Host(`b/")
	f.Add("null", "1e3", "0x10", "/%2e", "# no: comment", "https://[::1]/")
	f.Fuzz(func(t *testing.T, namespace, name, port, path, label, clientAPI string) {
		options := routes.Options{Site: clusterSite(), SynapsePaths: []string{path}}
		options.Site.ClientAPIURL = clientAPI
		cluster := routes.Cluster{
			MAS:    routes.Service{Namespace: namespace, Name: name},
			Labels: map[string]string{"label": label}, Annotations: map[string]string{label: label},
		}
		type object struct {
			Kind     string
			Metadata struct {
				Namespace           string
				Labels, Annotations map[string]string
			}
		}
		check := func(kind string, data []byte, problems maskit.Problems) {
			if problems.Err() != nil {
				require.Nil(t, data)
				return
			}
			require.NotContains(t, string(data), "\x00")
			for _, o := range documents[object](t, data) {
				require.Equal(t, kind, o.Kind)
				require.Contains(t, []string{namespace, "matrix", "matrix-auth"}, o.Metadata.Namespace)
				if kind != "" {
					require.Equal(t, cluster.Labels, o.Metadata.Labels)
					require.Equal(t, cluster.Annotations, o.Metadata.Annotations)
				}
			}
		}
		data, problems := routes.Ingress(routes.IngressOptions{Options: options, Cluster: cluster, ClassName: name})
		check("Ingress", data, problems)
		data, problems = routes.HTTPRoute(routes.HTTPRouteOptions{Options: options, Cluster: cluster, Parents: []routes.Parent{{Namespace: namespace, Name: name, SectionName: port}}})
		check("HTTPRoute", data, problems)
		data, problems = routes.IngressRoute(routes.IngressRouteOptions{Options: options, Cluster: cluster, EntryPoints: []string{name}})
		check("IngressRoute", data, problems)
		data, problems = routes.Traefik(routes.TraefikOptions{Options: options, EntryPoints: []string{name}, CertResolver: port})
		if problems.Err() == nil {
			require.NotContains(t, string(data), "{{", "the file provider reads its files as templates")
			require.Len(t, documents[map[string]any](t, data), 1)
		}
	})
}
