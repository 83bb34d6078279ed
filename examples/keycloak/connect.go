package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// connect makes the provisioner, and what is to be done when it is not needed any more.
func (s settings) connect(ctx context.Context) (p *keycloak.Provisioner, leave func() error, err error) {
	if s.server.url == "" {
		return remember(ctx, s.memory)
	}
	auth, err := s.server.auth()
	if err != nil {
		return nil, nil, err
	}
	client, err := s.server.client()
	if err != nil {
		return nil, nil, err
	}
	p, err = keycloak.New(keycloak.Config{AdminURL: s.server.url, IssuerURL: s.server.issuer, Auth: auth, HTTPClient: client})
	return p, func() error { return nil }, err
}

func (s server) auth() (keycloak.Auth, error) {
	if s.clientID != "" {
		secret, err := maskit.SecretFromFile(s.clientIDSecret)
		if err != nil {
			return nil, fmt.Errorf("-client-secret-file: %w", err)
		}
		return keycloak.ServiceAccount{Realm: s.realm, ClientID: s.clientID, Secret: secret}, nil
	}
	password, err := maskit.SecretFromFile(s.passwordFile)
	if err != nil {
		return nil, fmt.Errorf("-password-file: %w", err)
	}
	return keycloak.AdminPassword{Realm: s.realm, User: s.user, Password: password}, nil
}

// client sends the requests; nil is the SDK's own. The environment names the proxy.
func (s server) client() (*http.Client, error) {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true}
	if s.ca != "" {
		text, err := os.ReadFile(s.ca)
		if err != nil {
			return nil, fmt.Errorf("-ca: %w", err)
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("-ca: %s holds no certificate", s.ca)
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	return &http.Client{Transport: transport}, nil
}
