package live

import (
	"encoding/base64"
	"net/http"
)

func (m *peopleMaker) alice(p *Person) {
	m.t.Helper()
	m.admin(http.MethodPut, "/v2/users/"+p.UserID, map[string]any{
		"threepids":    []any{map[string]any{"medium": "email", "address": "alice@mail.example"}, map[string]any{"medium": "msisdn", "address": "491511234567"}},
		"external_ids": []any{map[string]any{"auth_provider": "oidc-keycloak", "external_id": peopleExternalID}},
	})
	m.logIn(p, "ALICEPHONE", false)
	m.logIn(p, "ALICELAPTOP", false)
	key := base64.RawStdEncoding.EncodeToString([]byte("this is 32 bytes of a public key"))
	m.api.as(p.Devices[0].AccessToken).call(m.t, http.MethodPost, "/_matrix/client/v3/keys/device_signing/upload", map[string]any{
		"master_key": map[string]any{"user_id": p.UserID, "usage": []string{"master"}, "keys": map[string]any{"ed25519:" + key: key}},
	}, nil)
}

func (m *peopleMaker) bob(p *Person) {
	m.t.Helper()
	for _, device := range []string{"BOBSFIRST", "BOBSFRESH", "BOBSUSED"} {
		m.logIn(p, device, true)
	}
	for _, i := range []int{1, 2} {
		var made login
		m.api.call(m.t, http.MethodPost, "/_matrix/client/v3/refresh", map[string]any{"refresh_token": p.Devices[i].RefreshToken}, &made)
		p.Devices[i].AccessToken, p.Devices[i].RefreshToken = made.AccessToken, made.RefreshToken
	}
	m.api.as(p.Devices[2].AccessToken).call(m.t, http.MethodGet, "/_matrix/client/v3/account/whoami", nil, nil)
}

func (m *peopleMaker) guest(p *Person) {
	m.t.Helper()
	var made login
	m.api.call(m.t, http.MethodPost, "/_matrix/client/v3/register?kind=guest", map[string]any{}, &made)
	*p = Person{UserID: made.UserID, Devices: []Device{made.device()}}
	p.Localpart = p.UserID[1 : len(p.UserID)-len(":"+peopleServer)]
}

func (m *peopleMaker) bridged(p *Person) {
	m.t.Helper()
	var made login
	m.api.as(peopleAS).call(m.t, http.MethodPost, "/_matrix/client/v3/register", map[string]any{
		"type": "m.login.application_service", "username": "_bridge_eve", "device_id": "BRIDGEDEVICE",
	}, &made)
	*p = Person{Localpart: "_bridge_eve", UserID: made.UserID, Devices: []Device{made.device()}}
}

func (m *peopleMaker) dehydrate(p *Person) {
	m.t.Helper()
	m.logIn(p, "DRYPHONE", false)
	const device = "DEHYDRATED"
	m.api.as(p.Devices[0].AccessToken).call(m.t, http.MethodPut, "/_matrix/client/unstable/org.matrix.msc3814.v1/dehydrated_device", map[string]any{
		"device_id": device, "initial_device_display_name": "dehydrated", "device_data": map[string]any{"algorithm": "org.matrix.msc2697.v1.olm.libolm_pickle"},
		"device_keys": map[string]any{
			"user_id": p.UserID, "device_id": device, "algorithms": []string{"m.olm.v1.curve25519-aes-sha2"},
			"keys": map[string]any{"ed25519:" + device: "a2V5", "curve25519:" + device: "a2V5"}, "signatures": map[string]any{},
		},
	}, nil)
	p.Devices = append(p.Devices, Device{ID: device})
}
