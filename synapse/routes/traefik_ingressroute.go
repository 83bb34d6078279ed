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
	// MASServersTransport and SynapseServersTransport name objects of the kind
	// ServersTransport in the namespaces of MAS and Synapse, which https behind Traefik needs: it
	// talks to the addresses of pods, and looks for those in the certificate unless a
	// ServersTransport has a serverName, and for the authority among those of its rootCAs.
	MASServersTransport, SynapseServersTransport string
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
		problems = append(problems, twoCertificates("a secret with one"))
	}
	problems = append(problems, checkTransport(o.mas(), o.MASServersTransport)...)
	return append(problems, checkTransport(o.synapse(), o.SynapseServersTransport)...)
}

// checkTransport judges what Traefik needs to trust a server behind it.
func checkTransport(to server, transport string) maskit.Problems {
	problems := checkObjectName(to.word+"_servers_transport", transport)
	if to.caFile != "" {
		problems = append(problems, problem(to.word+".ca_file", "file-inexpressible", "is a file, which IngressRoute cannot name",
			"put it into a Secret that a ServersTransport names in rootCAs, or use plain http inside the cluster"))
	}
	if to.tls() && transport == "" {
		p := problem(to.path, "tls-without-name", "is https, and Traefik looks for the addresses of the pods in the certificate, not for a name",
			"set "+to.word+"_servers_transport to a ServersTransport with serverName and rootCAs, or use plain http inside the cluster")
		p.Severity = maskit.SeverityWarning
		problems = append(problems, p)
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
	// ServersTransport is an object in the same namespace.
	ServersTransport string `yaml:"serversTransport,omitempty"`
}

type ingressRouteTLS struct {
	SecretName   string `yaml:"secretName,omitempty"`
	CertResolver string `yaml:"certResolver,omitempty"`
}

// objects are the IngressRoute of a router, and its Middleware if it needs one.
func (o IngressRouteOptions) objects(r traefikRouter) []object {
	service := o.Cluster.service(o.Options, r.to)
	to, transport := o.synapse(), o.SynapseServersTransport
	if r.to == MAS {
		to, transport = o.mas(), o.MASServersTransport
	}
	meta := o.Cluster.metadata(o.name()+"-"+r.name, service.Namespace)
	route := ingressRouteRoute{
		Match: r.rule, Kind: "Rule", Priority: r.priority,
		Services: []ingressRouteService{{Name: service.Name, Port: service.Port, Scheme: to.url.Scheme, ServersTransport: transport}},
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
