package routes

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/maskit-dev/maskit"
)

// TraefikOptions are what [Traefik] needs beside [Options].
type TraefikOptions struct {
	Options
	// EntryPoints are those of Traefik's static configuration that the routers use; empty
	// means the default ones. Options.Listener.Address has no meaning here.
	EntryPoints []string
	// CertResolver is the one of the static configuration that gets certificates by ACME.
	// Empty means the files of Options.Listener, or else what the entry point has.
	CertResolver string
}

// Validate reports all problems at once.
func (o TraefikOptions) Validate() maskit.Problems {
	problems := append(o.Options.Validate(), checkTraefikNames(o.EntryPoints, o.CertResolver)...)
	if o.CertResolver != "" && o.Listener.Certificate.File != "" {
		problems = append(problems, twoCertificates("a file with one"))
	}
	return problems
}

func twoCertificates(other string) maskit.Problem {
	return problem("cert_resolver", "two-certificates", "gets a certificate, and beside it stands "+other, "choose one")
}

func checkTraefikNames(entryPoints []string, resolver string) maskit.Problems {
	var problems maskit.Problems
	word := regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	for i, name := range entryPoints {
		if !word.MatchString(name) {
			problems = append(problems, problem(fmt.Sprintf("entry_points[%d]", i), "name-invalid", "is no name of an entry point", "such as websecure"))
		}
	}
	if resolver != "" && !word.MatchString(resolver) {
		problems = append(problems, problem("cert_resolver", "name-invalid", "is no name of a certificate resolver", "such as letsencrypt"))
	}
	return problems
}

// Traefik writes a file of dynamic configuration for Traefik's file provider
// (Traefik 3): routers with Host and PathRegexp and explicit priorities, the
// services, and what they need. What no router takes gets 404, if no other router
// of that Traefik takes it.
//
// What belongs into the static configuration, which this file cannot say:
//
//   - An entry point drops X-Forwarded-For, X-Forwarded-Proto and their like from
//     whoever is not in its forwardedHeaders.trustedIPs, and writes its own. With
//     proxies in front it appends to what they sent, and MAS reads only single
//     addresses: set notAppendXForwardedFor too (problem client-address). Never set
//     forwardedHeaders.insecure. The header Forwarded is passed on; MAS and Synapse
//     do not read it.
//   - respondingTimeouts.readTimeout is 60 seconds by default and cuts off slow
//     uploads. There is no limit of answers and bodies; Synapse limits bodies itself.
//   - Encoded characters must stay allowed: paths carry %23 (room aliases) and %2F
//     (state keys). 3.7 allows them by default.
//
// How Traefik differs from [Table.Route], none of which lets anybody reach what is
// denied, because Traefik judges the path that it passes on:
//
//   - Its entry points decode letters, digits and - . _ ~, resolve . and .. and merge
//     slashes before a rule is tried, and pass the result on: v3/%6cogin,
//     v3//login and v3/x/../login are logins (http.sanitizePath of the entry point;
//     leave it on).
//   - Characters that are not reserved in URLs, such as %20, are decoded for the
//     comparison only. No rule here could tell.
//   - It refuses broken escapes and fragments with 400, and writes & for ; in query strings.
//   - No method is refused: MAS and Synapse answer 405 themselves.
func Traefik(o TraefikOptions) ([]byte, maskit.Problems) {
	problems := o.Validate()
	if problems.Err() != nil {
		return nil, problems
	}
	if len(o.Listener.TrustedProxies) > 0 {
		problems = append(problems, trustedInStatic(o.Options))
	}
	if o.MaxBodyBytes != 0 {
		problems = append(problems, info("max_body_bytes", "body-size", "is not written: Traefik limits bodies only if it reads each of them whole before it passes it on",
			"Synapse limits them itself by max_upload_size"))
	}
	routers := o.table().traefikRouters()
	var out strings.Builder
	out.WriteString(comment("Written by maskit for the file provider of Traefik 3: the public edge of a\nhomeserver that delegates authentication to MAS."))
	for _, router := range routers {
		out.WriteString("#\n" + comment(router.comment()))
	}
	out.Write(encodeYAML(o.configuration(routers)))
	return []byte(out.String()), problems
}

// trustedInStatic says what to set in the static configuration.
func trustedInStatic(o Options) maskit.Problem {
	return info("listener.trusted_proxies", "client-address", "belong into the static configuration of Traefik",
		"set forwardedHeaders.trustedIPs of the entry point to "+strings.Join(o.networks(), ", ")+
			", notAppendXForwardedFor to true, and have the proxies in front overwrite X-Forwarded-For")
}

type traefikFile struct {
	HTTP traefikHTTP `yaml:"http"`
	TLS  *traefikTLS `yaml:"tls,omitempty"`
}

type traefikHTTP struct {
	Routers           map[string]traefikFileRouter `yaml:"routers"`
	Middlewares       map[string]traefikMiddleware `yaml:"middlewares,omitempty"`
	Services          map[string]traefikService    `yaml:"services"`
	ServersTransports map[string]traefikTransport  `yaml:"serversTransports,omitempty"`
}

type traefikFileRouter struct {
	EntryPoints []string          `yaml:"entryPoints,omitempty"`
	Rule        string            `yaml:"rule"`
	Priority    int               `yaml:"priority"`
	Middlewares []string          `yaml:"middlewares,omitempty"`
	Service     string            `yaml:"service"`
	TLS         *traefikRouterTLS `yaml:"tls,omitempty"`
}

type traefikRouterTLS struct {
	CertResolver string `yaml:"certResolver,omitempty"`
}

type traefikMiddleware struct {
	AddPrefix struct {
		Prefix string `yaml:"prefix"`
	} `yaml:"addPrefix"`
}

type traefikService struct {
	LoadBalancer struct {
		Servers          []traefikServer `yaml:"servers"`
		PassHostHeader   bool            `yaml:"passHostHeader"`
		ServersTransport string          `yaml:"serversTransport,omitempty"`
	} `yaml:"loadBalancer"`
}

type traefikServer struct {
	URL string `yaml:"url"`
}

type traefikTransport struct {
	RootCAs []string `yaml:"rootCAs"`
}

type traefikTLS struct {
	Certificates []traefikCertificate `yaml:"certificates"`
}

type traefikCertificate struct {
	CertFile string `yaml:"certFile"`
	KeyFile  string `yaml:"keyFile"`
}

func (o TraefikOptions) configuration(routers []traefikRouter) traefikFile {
	http := traefikHTTP{
		Routers: map[string]traefikFileRouter{}, Middlewares: map[string]traefikMiddleware{},
		Services: map[string]traefikService{}, ServersTransports: map[string]traefikTransport{},
	}
	for _, server := range []server{o.mas(), o.synapse()} {
		name := o.name() + "-" + server.word
		var service traefikService
		service.LoadBalancer.PassHostHeader = true
		service.LoadBalancer.Servers = []traefikServer{{URL: server.url.Scheme + "://" + server.url.Host}}
		if server.caFile != "" {
			service.LoadBalancer.ServersTransport = name
			http.ServersTransports[name] = traefikTransport{RootCAs: []string{server.caFile}}
		}
		http.Services[name] = service
	}
	for _, r := range routers {
		name := o.name() + "-" + r.name
		router := traefikFileRouter{
			EntryPoints: o.EntryPoints, Rule: r.rule, Priority: r.priority,
			Service: o.name() + "-" + strings.ToLower(r.to.String()), TLS: o.routerTLS(),
		}
		if r.addPrefix != "" {
			router.Middlewares = []string{name}
			http.Middlewares[name] = addPrefix(r.addPrefix)
		}
		http.Routers[name] = router
	}
	return traefikFile{HTTP: http, TLS: o.certificates()}
}

func addPrefix(prefix string) traefikMiddleware {
	var m traefikMiddleware
	m.AddPrefix.Prefix = prefix
	return m
}

// routerTLS is nil if TLS ends before Traefik, or there is none.
func (o TraefikOptions) routerTLS() *traefikRouterTLS {
	if parsed(o.Site.ClientAPIURL).Scheme != "https" || o.CertResolver == "" && o.behindTLS() {
		return nil
	}
	return &traefikRouterTLS{CertResolver: o.CertResolver}
}

func (o TraefikOptions) certificates() *traefikTLS {
	var list []traefikCertificate
	for _, c := range []Certificate{o.Listener.Certificate, o.Listener.AccountCertificate} {
		if c.File != "" {
			list = append(list, traefikCertificate{CertFile: c.File, KeyFile: c.key()})
		}
	}
	if list == nil {
		return nil
	}
	return &traefikTLS{Certificates: list}
}
