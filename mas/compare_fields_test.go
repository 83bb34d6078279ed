package mas_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// Whatever key of the configuration changes, Compare says so, names it, and shows
// no secret.
func TestCompareMissesNoKey(t *testing.T) {
	t.Parallel()
	full := reflect.New(reflect.TypeFor[mas.Config]())
	fill(full.Elem())
	config := full.Interface().(*mas.Config)
	count := 0
	eachKey(reflect.ValueOf(config).Elem(), "", func(path string, v reflect.Value) {
		count++
		old := config.Clone()
		saved := reflect.New(v.Type()).Elem()
		saved.Set(v)
		alter(v)
		text := mas.Compare(old, config).String()
		v.Set(saved)
		require.NotContains(t, text, "canary")
		switch path {
		case "clients[0].client_id", "secrets.keys[0].kid", "http.listeners[0].name",
			"passwords.schemes[0].version", "upstream_oauth2.providers[0].id":
			require.Contains(t, text, "create ", path) // what an item is called by
		default:
			require.Contains(t, text, " "+path, path)
		}
	})
	require.Greater(t, count, 200, "the configuration has some 220 keys")
}

// fill sets everything to something, with one item in each list.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		if v.Type().Elem().Kind() == reflect.String {
			v.SetMapIndex(reflect.ValueOf("key"), reflect.ValueOf("value"))
		} else {
			v.SetMapIndex(reflect.ValueOf("key"), reflect.ValueOf("canary"))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[maskit.Secret]() {
			v.Set(reflect.ValueOf(maskit.NewSecret("canary")))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i))
			}
		}
	default:
		alter(v)
	}
}

// eachKey visits the values of all keys, and of pairs such as secret and secret_file both.
func eachKey(v reflect.Value, path string, visit func(string, reflect.Value)) {
	switch {
	case v.Kind() == reflect.Pointer:
		eachKey(v.Elem(), path, visit)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		eachKey(v.Index(0), path+"[0]", visit)
	case v.Kind() == reflect.Map:
		visit(path+".key", v)
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[maskit.Secret]() && !strings.HasPrefix(v.Type().Name(), "Opt["):
		for i := range v.NumField() {
			eachField(v, i, path, visit)
		}
	default:
		visit(path, v)
	}
}

func eachField(v reflect.Value, i int, path string, visit func(string, reflect.Value)) {
	f := v.Type().Field(i)
	name, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	at := strings.TrimPrefix(path+"."+name, ".")
	switch {
	case !f.IsExported():
	case option == "inline":
		eachKey(v.Field(i), path, visit)
	case f.Tag.Get("file") != "":
		visit(at, v.Field(i).FieldByName("Inline"))
		visit(strings.TrimPrefix(path+"."+f.Tag.Get("file"), "."), v.Field(i).FieldByName("File"))
	default:
		eachKey(v.Field(i), at, visit)
	}
}

// alter sets another value.
func alter(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Float64:
		v.SetFloat(v.Float() + 1)
	case reflect.Slice:
		v.Set(reflect.Append(v, reflect.New(v.Type().Elem()).Elem()))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[maskit.Secret]() {
			v.Set(reflect.ValueOf(maskit.NewSecret("canary-new")))
			return
		}
		alter(v.FieldByName("V"))
	default:
		if v.CanUint() {
			v.SetUint(v.Uint() + 1)
		}
	}
}
