// etcd's own main package cannot be built from outside its repository (its
// module has replace directives), but the command behind it is exported.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
