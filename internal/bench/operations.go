package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"testing/fstest"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
)

// The sizes for which the aims hold.
const (
	providers = 10
	lines     = 3000
)

// operations prepares the inputs of all rows.
func operations() ([]row, error) {
	identity, err := mas.NewIdentity(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make identity: %w", err)
	}
	config, err := longConfig(identity)
	if err != nil {
		return nil, err
	}
	homeserver := []synapse.File{{Name: "homeserver.yaml", Data: longHomeserver()}}
	delegate := synapse.Delegate{Site: site(), SecretPath: "/run/secrets/mas/shared-secret"}
	files := fstest.MapFS{"config.yaml": {Data: config}}
	return []row{
		{
			name: fmt.Sprintf("build, validate and render a bundle with %d providers", providers), aim: 5 * time.Millisecond,
			run: func() error { _, err := bundle(identity, providers, mas.LayoutSplit); return err },
		},
		{
			name: fmt.Sprintf("parse a MAS config of %d lines", bytes.Count(config, []byte("\n"))), aim: 20 * time.Millisecond,
			run: func() error {
				_, problems, err := mas.Parse(files, "config.yaml")
				if err != nil {
					return err
				}
				return problems.Err()
			},
		},
		{
			name: fmt.Sprintf("lint and patch a homeserver.yaml of %d lines, %d comments", bytes.Count(homeserver[0].Data, []byte("\n")), homeserverComments), aim: 10 * time.Millisecond,
			run: func() error {
				patched, problems := delegate.Patch(homeserver) // reports what Lint does, too
				if len(patched.Found) == 0 {
					return errors.New("nothing found in a file full of conflicts")
				}
				return problems.Err()
			},
		},
	}, nil
}

func site() maskit.Site {
	return maskit.Site{
		ServerName:   "example.com",
		AccountURL:   "https://account.example.com/",
		ClientAPIURL: "https://matrix.example.com/",
		SynapseURL:   "http://synapse:8008/",
		MASURL:       "http://mas:8080/",
	}
}

// bundle builds a configuration, which validates it, and renders it.
func bundle(identity mas.Identity, count int, layout mas.Layout) (mas.Rendered, error) {
	builder := mas.NewBuilder(site(), identity).
		Database(mas.Database{Host: "postgres", Username: "mas", Name: "mas", Password: inline("database")}).
		Passwords(mas.Passwords{Schemes: []mas.PasswordScheme{
			{Version: 1, Algorithm: mas.Bcrypt, Secret: inline("pepper")}, {Version: 2, Algorithm: mas.Argon2id},
		}}).
		Email(mas.Email{
			From: "matrix@example.com", ReplyTo: "matrix@example.com", Transport: mas.EmailSMTP,
			Mode: mas.SMTPTLS, Hostname: "smtp.example.com", Username: "mas", Password: inline("mail"),
		}).
		Captcha(mas.Captcha{Service: mas.HCaptcha, SiteKey: "site", SecretKey: maskit.NewSecret("captcha")}).
		Account(mas.Account{PasswordRegistrationEnabled: true}).
		Capacity(mas.Capacity{Servers: 3, Workers: 1, PoolSize: 10})
	for i := range count {
		builder.Upstream(provider(i))
	}
	config, problems := builder.Build()
	if err := problems.Err(); err != nil {
		return mas.Rendered{}, err
	}
	rendered, problems := mas.Render(config, mas.RenderOptions{Layout: layout})
	return rendered, problems.Err()
}

func provider(i int) mas.UpstreamProvider {
	return mas.UpstreamProvider{
		ID:                      maskit.ULID(fmt.Sprintf("01J%023d", i)),
		Issuer:                  fmt.Sprintf("https://id%d.example.com/realms/corp", i),
		HumanName:               fmt.Sprintf("Provider %d", i),
		ClientID:                "matrix-auth",
		ClientSecret:            inline("client"),
		TokenEndpointAuthMethod: mas.AuthClientSecretBasic,
		Scope:                   "openid profile email",
		PKCEMethod:              mas.PKCEAlways,
		ClaimsImports: mas.ClaimsImports{
			Subject:     mas.SubjectImport{Template: "{{ user.sub }}"},
			Localpart:   mas.LocalpartImport{Action: mas.ImportRequire, Template: "{{ (user.preferred_username or '') | lower }}"},
			Displayname: mas.ClaimImport{Action: mas.ImportForce, Template: "{{ user.name or user.preferred_username or '' }}"},
			Email:       mas.ClaimImport{Action: mas.ImportForce, Template: "{% if user.email_verified %}{{ user.email or '' }}{% endif %}"},
		},
		AdditionalAuthorizationParameters: map[string]string{"prompt": "login", "kc_idp_hint": "corp"},
		OnBackchannelLogout:               mas.LogoutAll,
	}
}

// longConfig is one file with all secrets, and as many providers as it takes.
func longConfig(identity mas.Identity) ([]byte, error) {
	for count := providers; ; count += providers {
		rendered, err := bundle(identity, count, mas.LayoutSingle)
		if err != nil {
			return nil, fmt.Errorf("make a long config: %w", err)
		}
		if data := rendered.Files[0].Data(); bytes.Count(data, []byte("\n")) >= lines {
			return data, nil
		}
	}
}

func inline(s string) mas.SecretValue { return mas.SecretValue{Inline: maskit.NewSecret(s)} }
