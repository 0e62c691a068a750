import Daemon
import Keys
import Neurons
import Primitives
import Testing
import Transport
import ZeroMQTransport

/// A producer and a follower as two processes, asked over real sockets.
@Suite(.timeLimit(.minutes(20))) struct FollowerProcessTests {
  @Test func aFollowerProcessServesTheBlocksOfItsProducer() async throws {
    let folder = try TemporaryFolder()
    let chain = try await CommandRun.start(
      [
        "chain", "--block-time", "100ms", "--state", folder.path + "/producer", "--listen", "tcp://127.0.0.1:0",
        "--json",
      ],
      in: folder)
    let producer = try await address(of: chain)
    let second = try await CommandRun.start(
      [
        "chain", "--follow", producer.endpoint.description, "--follow-key", producer.authority.description, "--state",
        folder.path + "/follower", "--listen", "tcp://127.0.0.1:0", "--metrics-port", "0", "--json",
      ], in: folder)
    let follower = try await address(of: second)
    let curve = CurveKeyPair.generate()
    let keys = TransportKeyPair(
      publicKey: TransportKey(curve.publicKey.key), secretBytes: curve.withSecret { Array($0) })
    let node = try await ZeroMQNode.start(keys: #require(keys))
    let log = Logger.standardError(name: "test", level: .error)
    func client(_ address: ChainAddress) throws -> ChainClient {
      try ChainClient(of: address, over: node, signingAs: .development(name: "asker"), in: NodeSurroundings(log: log))
    }
    let copy = try await client(follower).ask("chain_head", notBefore: BlockNumber(3))
    let original = try await client(producer).ask("chain_head", at: copy.block)
    #expect(copy.block >= BlockNumber(3))
    #expect(copy.fields?["hash"] == original.fields?["hash"])
    #expect(try await client(follower).status().isProducer == false)
    #expect(try await client(producer).status().isProducer)
    await node.close()
    await second.child.stop()
    await chain.child.stop()
  }

  private func address(of run: CommandRun) async throws -> ChainAddress {
    for await line in run.child.lines {
      guard let ready = ReadyLine(parsing: line) else { continue }
      let endpoint = try #require(ready[.endpoint].flatMap { Endpoint($0) })
      let key = try #require(ready[.key].flatMap(ChainAddress.account))
      return ChainAddress(endpoint: endpoint, authority: key)
    }
    throw CancellationError()
  }
}
