package mas

import "reflect"

// Clone returns a copy that shares nothing with c that could be changed.
func (c *Config) Clone() *Config {
	if c == nil {
		return nil
	}
	out := *c
	unshare(reflect.ValueOf(&out).Elem())
	return &out
}

// cloneValue returns a copy, which can be set.
func cloneValue(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	unshare(out)
	return out
}

// unshare makes copies of what a value shares with another, in its exported fields.
func unshare(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			v.Set(cloneValue(v.Elem()).Addr())
		}
	case reflect.Interface:
		if !v.IsNil() {
			v.Set(cloneValue(v.Elem()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				unshare(f)
			}
		}
	case reflect.Slice:
		if !v.IsNil() {
			v.Set(cloneList(v))
		}
	case reflect.Map:
		if !v.IsNil() {
			v.Set(cloneMap(v))
		}
	}
}

func cloneList(v reflect.Value) reflect.Value {
	out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	reflect.Copy(out, v)
	for i := range v.Len() {
		unshare(out.Index(i))
	}
	return out
}

func cloneMap(v reflect.Value) reflect.Value {
	out := reflect.MakeMapWithSize(v.Type(), v.Len())
	for _, key := range v.MapKeys() {
		out.SetMapIndex(key, cloneValue(v.MapIndex(key)))
	}
	return out
}
