import ExampleSubnets
import Neurons
import SubnetKit
import ZeroMQTransport

await NeuronCommand.run(.miner, mechanisms: .examples, over: .zeroMQ)
