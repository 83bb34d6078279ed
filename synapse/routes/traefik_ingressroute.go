package routes

import (
	"strings"

	"github.com/maskit-dev/maskit"
)

// IngressRouteOptions are what [IngressRoute] needs beside [Options], of which Listener
// has no meaning here: Traefik's entry points listen.
type IngressRouteOptions struct {
	Options
	Cluster Cluster
	// EntryPoints are those of Traefik's static configuration that the routes use; empty
	// means the default ones.
	EntryPoints []string
	// ClientAPITLSSecret and AccountTLSSecret hold the certificates of the two hosts, in the
	// namespaces of Synapse and MAS.
	ClientAPITLSSecret, AccountTLSSecret string
	// CertResolver is the one of the static configuration that gets certificates by ACME.
	CertResolver string
	// NoTLS writes no tls section although the hosts are https: the TLS ends before Traefik.
	NoTLS bool
}

// Validate reports all problems at once.
func (o IngressRouteOptions) Validate() maskit.Problems {
	problems := o.Options.Validate()
	problems = append(problems, o.Cluster.check(o.Options)...)
	problems = append(problems, checkTraefikNames(o.EntryPoints, o.CertResolver)...)
	problems = append(problems, checkObjectName("client_api_tls_secret", o.ClientAPITLSSecret)...)
	problems = append(problems, checkObjectName("account_tls_secret", o.AccountTLSSecret)...)
	if o.CertResolver != "" && o.ClientAPITLSSecret+o.AccountTLSSecret != "" {
		problems = append(problems, problem("cert_resolver", "two-certificates", "stands beside a secret with a certificate", "choose one"))
	}
	for _, file := range []struct{ path, name string }{{"mas.ca_file", o.MAS.CAFile}, {"synapse.ca_file", o.Synapse.CAFile}} {
		if file.name != "" {
			problems = append(problems, problem(file.path, "file-inexpressible", "is a file, which IngressRoute cannot name",
				"put it into Traefik's default ServersTransport, or use plain http inside the cluster"))
		}
	}
	return problems
}

// IngressRoute writes objects of Traefik's Kubernetes provider (traefik.io/v1alpha1,
// Traefik 3): an IngressRoute for each share of a host, named as by [Ingress], in the
// namespace of its backend, so that allowCrossNamespace is not needed; and a Middleware
// if MAS stands below a path. The rules, what belongs into the static
// configuration, and the differences to [Table.Route] are those of [Traefik].
//
// All objects of a host have a tls section of the same kind; the certificate is
// named by one of them, because a Secret stands in one namespace only.
func IngressRoute(o IngressRouteOptions) ([]byte, maskit.Problems) {
	problems := o.Validate()
	if problems.Err() != nil {
		return nil, problems
	}
	var objects []object
	for _, r := range o.table().traefikRouters() {
		objects = append(objects, o.objects(r)...)
	}
	return writeObjects(objects), problems
}

type ingressRouteSpec struct {
	EntryPoints []string            `yaml:"entryPoints,omitempty"`
	Routes      []ingressRouteRoute `yaml:"routes"`
	TLS         *ingressRouteTLS    `yaml:"tls,omitempty"`
}

type ingressRouteRoute struct {
	Match       string                `yaml:"match"`
	Kind        string                `yaml:"kind"`
	Priority    int                   `yaml:"priority"`
	Middlewares []middlewareRef       `yaml:"middlewares,omitempty"`
	Services    []ingressRouteService `yaml:"services"`
}

type middlewareRef struct {
	Name string `yaml:"name"`
}

type ingressRouteService struct {
	Name   string `yaml:"name"`
	Port   int    `yaml:"port"`
	Scheme string `yaml:"scheme"`
}

type ingressRouteTLS struct {
	SecretName   string `yaml:"secretName,omitempty"`
	CertResolver string `yaml:"certResolver,omitempty"`
}

// objects are the IngressRoute of a router, and its Middleware if it needs one.
func (o IngressRouteOptions) objects(r traefikRouter) []object {
	service := o.Cluster.service(o.Options, r.to)
	to := o.synapse()
	if r.to == MAS {
		to = o.mas()
	}
	meta := o.Cluster.metadata(o.name()+"-"+r.name, service.Namespace)
	route := ingressRouteRoute{
		Match: r.rule, Kind: "Rule", Priority: r.priority,
		Services: []ingressRouteService{{Name: service.Name, Port: service.Port, Scheme: to.url.Scheme}},
	}
	var objects []object
	if r.addPrefix != "" {
		route.Middlewares = []middlewareRef{{Name: meta.Name}}
		objects = append(objects, object{
			comment:    "MAS mounts the Matrix paths below " + strings.TrimSuffix(r.addPrefix, "/") + " too",
			APIVersion: "traefik.io/v1alpha1", Kind: "Middleware", Metadata: meta, Spec: addPrefix(r.addPrefix),
		})
	}
	return append(objects, object{
		comment: r.comment(), APIVersion: "traefik.io/v1alpha1", Kind: "IngressRoute", Metadata: meta,
		Spec: ingressRouteSpec{EntryPoints: o.EntryPoints, Routes: []ingressRouteRoute{route}, TLS: o.tls(r.share)},
	})
}

func (o IngressRouteOptions) tls(s share) *ingressRouteTLS {
	if o.NoTLS || parsed(o.Site.ClientAPIURL).Scheme != "https" {
		return nil
	}
	tls := &ingressRouteTLS{CertResolver: o.CertResolver}
	switch {
	case s.name == "synapse":
		tls.SecretName = o.ClientAPITLSSecret
	case s.name == "account" && s.host != hostname(o.Site.ClientAPIURL):
		tls.SecretName = o.AccountTLSSecret
	}
	return tls
}
