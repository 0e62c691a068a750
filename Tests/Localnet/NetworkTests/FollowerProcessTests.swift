import Daemon
import JSONText
import Keys
import Ledger
import Neurons
import Primitives
import Testing
import Transport
import ZeroMQTransport

/// A producer and a follower as two processes, asked over real sockets.
@Suite(.timeLimit(.minutes(30))) struct FollowerProcessTests {
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

  /// A client of one node, over sockets of its own.
  private func client(
    _ address: ChainAddress, over node: ZeroMQNode, as key: KeyPair = .development(name: "asker")
  ) throws -> ChainClient {
    try ChainClient(
      of: address, over: node, signingAs: key,
      in: NodeSurroundings(log: Logger.standardError(name: "test", level: .error)))
  }

  @Test func aFreshFollowerBeginsAtASnapshotAndPassesSubmitsOn() async throws {
    let folder = try TemporaryFolder()
    let chain = try await CommandRun.start(
      ["chain", "--block-time", "instant", "--state", folder.path + "/producer", "--json"], in: folder)
    let producer = try await address(of: chain)
    let curve = CurveKeyPair.generate()
    let keys = TransportKeyPair(
      publicKey: TransportKey(curve.publicKey.key), secretBytes: curve.withSecret { Array($0) })
    let node = try await ZeroMQNode.start(keys: #require(keys))
    let sudo = try client(producer, over: node, as: .development(name: "Alice"))
    _ = try await sudo.advance(by: 1005)

    let words = [
      "chain", "--follow", producer.endpoint.description, "--follow-key", producer.authority.description, "--state",
      folder.path + "/follower", "--json",
    ]
    let second = try await CommandRun.start(words, in: folder)
    let follower = try client(try await address(of: second), over: node)
    let transfer = Transfer(to: DevelopmentAccount.miner.account, amount: .tao(1))
    let inclusion = try await follower.submitAndWait(transfer, signedBy: DevelopmentAccount.faucet.keyPair)
    #expect(inclusion.block == BlockNumber(1006))
    let copy = try await follower.ask("chain_head", notBefore: inclusion.block)
    let original = try await sudo.ask("chain_head", at: inclusion.block)
    #expect(copy.fields?["hash"] == original.fields?["hash"])
    await second.child.stop()

    // It kept what it began with: the next start goes on there, and a verification says where the blocks begin.
    let verified = try await CommandRun.finish("chain verify --json --state \(folder.path)/follower", in: folder)
    #expect(verified.status == .exited(0), "\(verified.errors)")
    #expect(try JSONValue(parsing: verified.output).member("blocks").integer() == 6)
    let replayed = try await CommandRun.finish("chain verify --replay --state \(folder.path)/follower", in: folder)
    #expect(replayed.status == .exited(2))
    #expect(replayed.errors.contains("before 1001"), "\(replayed.errors)")
    let third = try await CommandRun.start(words, in: folder)
    let again = try client(try await address(of: third), over: node)
    #expect(try await again.receipt(of: inclusion.extrinsic)?.block == inclusion.block)

    // The producer dies and comes back with another history: the follower stops rather than follow it.
    await chain.child.stop()
    let forked = try await CommandRun.start(
      [
        "chain", "--block-time", "instant", "--state", folder.path + "/other", "--json", "--listen",
        producer.endpoint.description,
      ], in: folder)
    _ = try await address(of: forked)
    let ending = try await third.outcome()
    #expect(ending.status == .exited(ExitCode.damagedData.rawValue))
    #expect(ending.errors.contains("it is at block 0"), "\(ending.errors)")
    await node.close()
    await forked.child.stop()
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
