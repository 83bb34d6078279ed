package keycloak

import (
	"cmp"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
)

// SAMLProvider is where a SAML identity provider is, and how it signs.
type SAMLProvider struct {
	// Metadata is its EntityDescriptor (SAML 2.0 Metadata, section 2.3.2). The settings
	// below that it has are taken from it, unless they are given.
	Metadata string `yaml:"metadata"`
	// MetadataURL is where Keycloak fetches the certificates from by itself, so that they
	// may change. Since Keycloak 22.
	MetadataURL string `yaml:"metadata_url"`
	// EntityID is the name of this realm there. Keycloak's default is the issuer.
	EntityID string `yaml:"entity_id"`
	// ProviderEntityID is its own name, which is compared with what it sends.
	ProviderEntityID string `yaml:"provider_entity_id"`
	// SSOURL is where people log in. A new provider needs it.
	SSOURL string `yaml:"sso_url"`
	// LogoutURL ends the session there too when people log out here.
	LogoutURL Opt[string] `yaml:"logout_url"`
	// Certificates sign what it sends, as PEM or as its base64 alone. With them, or with
	// MetadataURL, signatures are checked.
	Certificates []string `yaml:"certificates"`
	// ValidateSignature checks signatures. Without that anybody can log in as anybody.
	ValidateSignature Opt[bool] `yaml:"validate_signature"`
	// PostBinding sends requests and takes responses by POST rather than in addresses.
	PostBinding Opt[bool] `yaml:"post_binding"`
	// SignRequests signs what this realm sends.
	SignRequests Opt[bool] `yaml:"sign_requests"`
	// WantAssertionsSigned asks for assertions that are signed themselves.
	WantAssertionsSigned Opt[bool] `yaml:"want_assertions_signed"`
	// WantAssertionsEncrypted asks for assertions that only this realm can read.
	WantAssertionsEncrypted Opt[bool] `yaml:"want_assertions_encrypted"`
	// NameIDFormat is how it shall name people: urn:oasis:names:tc:SAML:2.0:nameid-format:persistent.
	NameIDFormat string `yaml:"name_id_format"`
	// PrincipalAttribute is the attribute by which people are known instead of the NameID.
	PrincipalAttribute Opt[string] `yaml:"principal_attribute"`
}

func (s SAMLProvider) isZero() bool {
	return s.Certificates == nil && len(s.fields()) == 0 && s.Metadata == ""
}

// whole is the provider with what its metadata say.
func (s SAMLProvider) whole() SAMLProvider {
	if s.Metadata == "" {
		return s
	}
	m, err := parseSAMLMetadata(s.Metadata)
	if err != nil {
		return s
	}
	s.ProviderEntityID = cmp.Or(s.ProviderEntityID, m.entityID)
	if s.SSOURL == "" {
		s.SSOURL = m.sso.url
		s.PostBinding = s.PostBinding.Or(m.sso.post)
	}
	if m.logout.url != "" {
		s.LogoutURL = s.LogoutURL.Or(m.logout.url)
	}
	if s.Certificates == nil {
		s.Certificates = m.certificates
	}
	return s
}

// codeSAMLUnsigned is the code of a provider whose signatures are not checked.
const codeSAMLUnsigned = "saml-unsigned"

func (s SAMLProvider) validate() maskit.Problems {
	var ps maskit.Problems
	for _, u := range []struct{ path, value string }{{"metadata_url", s.MetadataURL}, {"sso_url", s.SSOURL}, {"logout_url", s.LogoutURL.V}} {
		ps = append(ps, checkWebURL(u.path, u.value)...)
	}
	if s.Metadata != "" {
		if _, err := parseSAMLMetadata(s.Metadata); err != nil {
			ps = append(ps, maskit.Problem{Path: "metadata", Code: "saml-metadata", Message: err.Error(), Hint: "give the EntityDescriptor of the identity provider as it is"})
		}
	}
	for i, certificate := range s.Certificates {
		if _, err := certificateBody(certificate); err != nil {
			ps = append(ps, maskit.Problem{Path: fmt.Sprintf("certificates[%d]", i), Code: "certificate-invalid", Message: "is not an X.509 certificate", Hint: "give it as PEM, or as its base64 alone; several one by one"})
		}
	}
	whole := s.whole()
	unchecked := len(whole.Certificates) == 0 && s.MetadataURL == ""
	if s.ValidateSignature.Valid && !s.ValidateSignature.V {
		ps = append(ps, maskit.Problem{Path: "validate_signature", Code: codeSAMLUnsigned, Message: "is off: anybody can log in as anybody", Hint: "set it, and give the certificates"})
	} else if unchecked && whole.SSOURL != "" {
		ps = append(ps, maskit.Problem{Path: "certificates", Code: codeSAMLUnsigned, Message: "are missing: without them anybody can log in as anybody", Hint: "give them, or metadata or metadata_url"})
	}
	return ps
}

// certificateBody is the base64 of a certificate, as Keycloak keeps it.
func certificateBody(text string) (string, error) {
	var der []byte
	if block, rest := pem.Decode([]byte(text)); block != nil {
		der = block.Bytes
		if strings.TrimSpace(string(rest)) != "" {
			return "", errors.New("holds more than one certificate")
		}
	} else {
		var err error
		if der, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err != nil {
			return "", err
		}
	}
	if _, err := x509.ParseCertificate(der); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(der), nil
}

// certificateList is how Keycloak keeps several.
func certificateList(certificates []string) string {
	bodies := make([]string, 0, len(certificates))
	for _, c := range certificates {
		if body, err := certificateBody(c); err == nil { // validate reports the others
			bodies = append(bodies, body)
		}
	}
	return strings.Join(bodies, ",")
}

func (s SAMLProvider) fields() []field {
	s = s.whole()
	f := settings{}
	f.text(s.EntityID, "config", "entityId")
	f.text(s.ProviderEntityID, "config", "idpEntityId")
	f.text(s.SSOURL, "config", "singleSignOnServiceUrl")
	f.optional(s.LogoutURL, "config", "singleLogoutServiceUrl")
	checked := s.ValidateSignature
	if len(s.Certificates) > 0 {
		f = append(f, field{path: []string{"config", "signingCertificate"}, want: certificateList(s.Certificates), same: sameWords})
		checked = checked.Or(true)
	}
	if s.MetadataURL != "" {
		f.own(s.MetadataURL, "config", "metadataDescriptorUrl")
		f.own("true", "config", "useMetadataDescriptorUrl")
		checked = checked.Or(true)
	}
	f.flagText(checked, "config", "validateSignature")
	f.flagText(s.PostBinding, "config", "postBindingAuthnRequest")
	f.flagText(s.PostBinding, "config", "postBindingResponse")
	f.flagText(s.SignRequests, "config", "wantAuthnRequestsSigned")
	f.flagText(s.WantAssertionsSigned, "config", "wantAssertionsSigned")
	f.flagText(s.WantAssertionsEncrypted, "config", "wantAssertionsEncrypted")
	f.text(s.NameIDFormat, "config", "nameIDPolicyFormat")
	if s.PrincipalAttribute.Valid {
		kind := "ATTRIBUTE"
		if s.PrincipalAttribute.V == "" {
			kind = "SUBJECT"
		}
		f = append(f, field{path: []string{"config", "principalType"}, want: kind, same: func(have, want any) bool {
			return have == want || have == nil && want == "SUBJECT"
		}})
		f.own(s.PrincipalAttribute.V, "config", "principalAttribute")
	}
	return f
}
