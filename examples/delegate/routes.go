package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse"
	"github.com/maskit-dev/maskit/synapse/routes"
)

// edge is what -routes needs to know of the public side.
type edge struct {
	kind                     string
	accountURL, clientAPIURL string
	synapseURL               string
	certificate              string
	gateway                  string
}

func edgeKinds() []string {
	return []string{"nginx", "haproxy", "caddy", "traefik", "ingress", "httproute"}
}

func (e *edge) define(flags *flag.FlagSet) {
	flags.StringVar(&e.kind, "routes", "", "print the routes for a reverse proxy, too: "+strings.Join(edgeKinds(), ", "))
	flags.StringVar(&e.accountURL, "account-url", "", "for -routes: where people reach MAS, a `URL`")
	flags.StringVar(&e.clientAPIURL, "client-api-url", "", "for -routes: where clients reach the homeserver, a `URL` (default: public_baseurl)")
	flags.StringVar(&e.synapseURL, "synapse-url", "", "for -routes: where the proxy reaches Synapse, a `URL`")
	flags.StringVar(&e.certificate, "certificate", "", "for -routes: the `file` on the proxy with certificate and key, PEM (for nginx and haproxy)")
	flags.StringVar(&e.gateway, "gateway", "", "for -routes httproute: the Gateway, as `namespace/name`")
}

func (e edge) check() error {
	switch namespace, name, ok := strings.Cut(e.gateway, "/"); {
	case e.kind != "" && !slices.Contains(edgeKinds(), e.kind):
		return fmt.Errorf("-routes: is not one of %s", strings.Join(edgeKinds(), ", "))
	case e.kind == "" && (e.accountURL+e.clientAPIURL+e.synapseURL+e.certificate+e.gateway) != "":
		return errors.New("-account-url, -client-api-url, -synapse-url, -certificate and -gateway are for -routes")
	case e.gateway != "" && (!ok || name == "" || namespace == ""):
		return errors.New("-gateway: is not namespace/name")
	}
	return nil
}

// addRoutes renders the routes.
func (s settings) addRoutes(c config, r *result) error {
	if s.routes.kind == "" {
		return nil
	}
	rendered, problems := s.routes.render(s.routes.options(s, c))
	problems, err := blameFlags(serviceURLs(problems))
	if err != nil {
		return err
	}
	r.routes, r.problems = rendered, append(r.problems, problems...)
	return nil
}

// serviceURLs says once of each address that it names no Service, not what is missing
// of the Service.
func serviceURLs(problems maskit.Problems) maskit.Problems {
	var out maskit.Problems
	for _, p := range problems {
		of := ""
		switch {
		case strings.HasPrefix(p.Path, "cluster.mas."):
			of = "site.mas_url"
		case strings.HasPrefix(p.Path, "cluster.synapse."):
			of = "site.synapse_url"
		}
		switch {
		case of == "":
			out = append(out, p)
		case !slices.ContainsFunc(out, func(known maskit.Problem) bool { return known.Path == of && known.Severity == maskit.SeverityError }):
			out = append(out, maskit.Problem{Path: of, Code: "no-service", Message: "names no Service of Kubernetes", Hint: "such as http://name.namespace.svc:8080/"})
		}
	}
	return out
}

// options complete the addresses by what the configuration says.
func (e edge) options(s settings, c config) routes.Options {
	legacy, _ := synapse.PreMigration(c.files) // only for the address; what is wrong is reported elsewhere
	return routes.Options{
		Site: maskit.Site{
			ServerName: legacy.ServerName, AccountURL: e.accountURL, ClientAPIURL: cmp.Or(e.clientAPIURL, legacy.PublicBaseURL),
			SynapseURL: e.synapseURL, MASURL: s.masEndpoint,
		},
		Listener: routes.Listener{Certificate: routes.Certificate{File: e.certificate}},
	}
}

func (e edge) render(o routes.Options) ([]byte, maskit.Problems) {
	switch e.kind {
	case "haproxy":
		return routes.HAProxy(o)
	case "caddy":
		return routes.Caddy(o)
	case "traefik":
		return routes.Traefik(routes.TraefikOptions{Options: o})
	case "ingress":
		return routes.Ingress(routes.IngressOptions{Options: o})
	case "httproute":
		return routes.HTTPRoute(routes.HTTPRouteOptions{Options: o, Parents: e.parents()})
	}
	return routes.NGINX(o)
}

func (e edge) parents() []routes.Parent {
	namespace, name, ok := strings.Cut(e.gateway, "/")
	if !ok {
		return nil
	}
	return []routes.Parent{{Namespace: namespace, Name: name}}
}
