import ExampleSubnets
import Neurons
import SubnetKit
import ZeroMQTransport

await NeuronCommand.run(.validator, mechanisms: .examples, over: .zeroMQ)
