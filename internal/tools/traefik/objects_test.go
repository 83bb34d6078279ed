package traefik

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/traefik/traefik/v3/pkg/provider/kubernetes/crd/traefikio/v1alpha1"
	networking "k8s.io/api/networking/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	gateway "sigs.k8s.io/gateway-api/apis/v1"
	gatewaybeta "sigs.k8s.io/gateway-api/apis/v1beta1"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// TestKubernetesObjects decodes all objects strictly into the types of their API.
func TestKubernetesObjects(t *testing.T) {
	t.Parallel()
	files := append(matching(t, "kubernetes/*.yaml", ""), matching(t, "traefik/*.ingressroute.yaml", "")...)
	kinds := map[string]int{}
	for _, name := range files {
		for _, object := range objects(t, name) {
			kind := object.GetObjectKind().GroupVersionKind()
			require.NotEmpty(t, object.GetName())
			require.NotEmpty(t, object.GetNamespace())
			kinds[kind.GroupVersion().String()+" "+kind.Kind]++
			t.Logf("%s: %s %s/%s", filepath.Base(name), kind.Kind, object.GetNamespace(), object.GetName())
		}
	}
	for _, kind := range []string{
		"networking.k8s.io/v1 Ingress", "gateway.networking.k8s.io/v1 HTTPRoute", "gateway.networking.k8s.io/v1beta1 ReferenceGrant",
		"traefik.io/v1alpha1 IngressRoute", "traefik.io/v1alpha1 Middleware",
	} {
		require.Positive(t, kinds[kind], kind)
	}
	require.Len(t, kinds, 5)
}

// TestDecodingIsStrict shows that a wrong key would be noticed.
func TestDecodingIsStrict(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, decode("spec: {rules: [{http: {paths: [{pathtype: Prefix}]}}]}", &networking.Ingress{}), "pathtype")
	require.Error(t, decode("spec: {rules: [{host: 1}]}", &networking.Ingress{}))
}

// object is what all Kubernetes objects are.
type object interface {
	meta.Object
	GetObjectKind() schema.ObjectKind
}

func objects(t *testing.T, name string) []object {
	t.Helper()
	var list []object
	for document := range strings.SplitSeq(read(t, name), "\n---\n") {
		var header meta.TypeMeta
		require.NoError(t, yaml.Unmarshal([]byte(document), &header))
		o := newObject(header.Kind)
		require.NotNil(t, o, header.Kind)
		require.NoError(t, decode(document, o), "%s: %s", name, header.Kind)
		list = append(list, o)
	}
	return list
}

// decode refuses unknown keys as the API server does: case matters.
func decode(document string, into any) error {
	data, err := yaml.YAMLToJSONStrict([]byte(document))
	if err != nil {
		return err
	}
	unknown, err := json.UnmarshalStrict(data, into)
	return errors.Join(append(unknown, err)...)
}

func newObject(kind string) object {
	switch kind {
	case "Ingress":
		return &networking.Ingress{}
	case "HTTPRoute":
		return &gateway.HTTPRoute{}
	case "ReferenceGrant":
		return &gatewaybeta.ReferenceGrant{}
	case "IngressRoute":
		return &v1alpha1.IngressRoute{}
	case "Middleware":
		return &v1alpha1.Middleware{}
	}
	return nil
}
