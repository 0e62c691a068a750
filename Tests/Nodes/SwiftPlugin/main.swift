import ExampleSubnets
import SubnetMain

// What an author's executable is: the tests start it as a plugin.
await SubnetMain(Adder.self, Text.self).run()
