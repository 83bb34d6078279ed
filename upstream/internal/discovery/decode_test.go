package discovery

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	m, defects, err := Decode([]byte(`{"issuer":"https://a","token_endpoint":"https://a/t","scopes_supported":["openid"],"userinfo_endpoint":" https://a/u\n",
		"require_signed_request_object":true,"backchannel_logout_supported":true,"acr_values_supported":null,"other":{"x":[1]},"ISSUER":1}`))
	require.NoError(t, err)
	require.Empty(t, defects)
	require.Equal(t, "https://a", m.Text("issuer"))
	require.Equal(t, "https://a/u", m.Text("userinfo_endpoint"), "MAS ignores the space around a URL")
	require.True(t, m.Bool("require_signed_request_object"))
	require.True(t, m.Bool("backchannel_logout_supported"))
	list, ok := m.List("scopes_supported")
	require.True(t, ok)
	require.Equal(t, []string{"openid"}, list)
	_, ok = m.List("acr_values_supported")
	require.False(t, ok, "null is absent")
	require.Equal(t, []string{"query"}, m.Or("response_modes_supported", "query"))
	require.Equal(t, []string{
		"authorization_endpoint", "jwks_uri", "response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported",
	}, m.Missing())
}

func TestDecodeDefects(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		`{"issuer":1}`:                          "issuer is a number instead of a string",
		`{"issuer":["a"]}`:                      "issuer is a list instead of a string",
		`{"issuer":"a","issuer":"b"}`:           "issuer stands there twice",
		`{"issuer":"a","issuer":null}`:          "issuer stands there twice",
		`{"jwks_uri":"keys"}`:                   "jwks_uri is a relative URL",
		`{"jwks_uri":""}`:                       "jwks_uri is empty instead of a URL",
		`{"jwks_uri":"https://"}`:               "jwks_uri is a URL without a host",
		`{"jwks_uri":"https://a b"}`:            "jwks_uri is not a URL",
		`{"jwks_uri":true}`:                     "jwks_uri is a boolean instead of a string",
		`{"scopes_supported":"openid"}`:         "scopes_supported is a string instead of a list of strings",
		`{"scopes_supported":{}}`:               "scopes_supported is an object instead of a list of strings",
		`{"scopes_supported":[null]}`:           "scopes_supported has null among its strings",
		`{"response_types_supported":[" "]}`:    "response_types_supported has an empty string",
		`{"request_parameter_supported":"yes"}`: "request_parameter_supported is a string instead of true or false",
		`{"request_parameter_supported":1}`:     "request_parameter_supported is a number instead of true or false",
	} {
		_, defects, err := Decode([]byte(document))
		require.NoError(t, err)
		require.Len(t, defects, 1, document)
		require.Equal(t, want, defects[0].Field+" "+defects[0].Message)
	}
	for _, document := range []string{`{"backchannel_logout_supported":"true"}`, `{"x":1,"x":2}`, `{"jwks_uri":"urn:x"}`, `{}`} {
		_, defects, err := Decode([]byte(document))
		require.NoError(t, err)
		require.Empty(t, defects, document)
	}
	for _, document := range []string{``, `[]`, `null`, `"x"`, `{`, `{}x`, `{"issuer":"` + "\xff" + `"}`, "\ufeff{}"} {
		_, _, err := Decode([]byte(document))
		require.ErrorIs(t, err, ErrNotObject, document)
	}
}

func TestLanguageTags(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]bool{
		"en": true, "en-GB": true, "zh-Hans-CN": true, "de-CH-1996": true, "sl-rozaj-biske": true, "es-419": true, "zh-yue-HK": true,
		"en-a-bbb-x-a": true, "x-whatever": true, "i-klingon": true, "en-GB-oed": true, "de-1901-a-bb": true, "EN-gb": true, "abcdefgh": true,
		"": false, "e": false, "en_US": false, "en-": false, "-en": false, "en--GB": false, "en-GB-": false, "en-x": false, "en-a": false,
		"abcdefghi": false, "12": false, "en-GB-US": false, "ca-ES-x-abcdefghi": false, "en US": false, "größe": false, "x": false,
		"pt-br.UTF-8": false, "abcd-abc": false,
	} {
		require.Equal(t, want, isLanguageTag(tag), "%q", tag)
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"issuer":"https://a","issuer":1}`, `{"ui_locales_supported":["en","de-CH-1996","x-a"]}`, `{"jwks_uri":"https://a/%zz"}`,
		`{"response_types_supported":["code"," "]}`, `[{}]`, strings.Repeat("[", 2000), `{"a":` + strings.Repeat(`{"a":`, 500),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, defects, err := Decode(data)
		if err != nil {
			require.ErrorIs(t, err, ErrNotObject)
			require.Empty(t, defects)
		}
		for _, d := range defects {
			require.NotEqual(t, kindUnknown, kindOf(d.Field), "MAS looks at nothing else")
			require.NotEmpty(t, d.Message)
		}
		for field, text := range m.texts {
			if kindOf(field) == kindURL {
				require.Empty(t, CheckURL(text))
			}
		}
	})
}
