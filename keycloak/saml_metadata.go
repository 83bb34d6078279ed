package keycloak

import (
	"encoding/xml"
	"errors"
)

// samlMetadata is what the metadata of an identity provider say (SAML 2.0 Metadata, section
// 2.4.3).
type samlMetadata struct {
	entityID     string
	sso, logout  samlEndpoint
	certificates []string
}

type samlEndpoint struct {
	url  string
	post bool
}

// Bindings (SAML 2.0 Bindings, section 3).
const (
	samlPost     = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
	samlRedirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
	samlNS       = "urn:oasis:names:tc:SAML:2.0:metadata"
)

type samlService struct {
	Binding  string `xml:"Binding,attr"`
	Location string `xml:"Location,attr"`
}

type samlDescriptor struct {
	XMLName  xml.Name
	EntityID string `xml:"entityID,attr"`
	IDP      *struct {
		Keys []struct {
			Use          string   `xml:"use,attr"`
			Certificates []string `xml:"KeyInfo>X509Data>X509Certificate"`
		} `xml:"KeyDescriptor"`
		SSO    []samlService `xml:"SingleSignOnService"`
		Logout []samlService `xml:"SingleLogoutService"`
	} `xml:"IDPSSODescriptor"`
}

// parseSAMLMetadata reads one EntityDescriptor. The errors do not quote it.
func parseSAMLMetadata(text string) (samlMetadata, error) {
	var d samlDescriptor
	if xml.Unmarshal([]byte(text), &d) != nil {
		return samlMetadata{}, errors.New("is not XML")
	}
	switch {
	case d.XMLName.Space != samlNS || d.XMLName.Local != "EntityDescriptor":
		return samlMetadata{}, errors.New("is not an EntityDescriptor")
	case d.IDP == nil:
		return samlMetadata{}, errors.New("describes no identity provider")
	}
	m := samlMetadata{entityID: d.EntityID, sso: chooseEndpoint(d.IDP.SSO), logout: chooseEndpoint(d.IDP.Logout)}
	if m.sso.url == "" {
		return samlMetadata{}, errors.New("has no single sign-on service for POST or redirects")
	}
	for _, key := range d.IDP.Keys {
		if key.Use != "" && key.Use != "signing" {
			continue
		}
		for _, certificate := range key.Certificates {
			body, err := certificateBody(certificate)
			if err != nil {
				return samlMetadata{}, errors.New("has a certificate that cannot be read")
			}
			m.certificates = append(m.certificates, body)
		}
	}
	return m, nil
}

// chooseEndpoint prefers POST: addresses have a limit.
func chooseEndpoint(services []samlService) samlEndpoint {
	for _, binding := range []string{samlPost, samlRedirect} {
		for _, s := range services {
			if s.Binding == binding && len(checkWebURL("", s.Location)) == 0 && s.Location != "" {
				return samlEndpoint{s.Location, binding == samlPost}
			}
		}
	}
	return samlEndpoint{}
}
