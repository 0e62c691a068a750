import Keys
import Neurons
import Primitives
import Testing
import Transport
import Wire

@Suite(.virtualTime) struct DendriteTests {
  private let message = EnvelopeMessage(Probe.name, version: 1)!

  private func dendrite(_ stand: AxonStand, key: KeyPair? = nil) -> Dendrite {
    Dendrite(
      over: stand.sender(), key: key ?? stand.validator, chainID: AxonStand.chainID, netuid: AxonStand.netuid,
      in: stand.clock.surroundings)
  }

  private func target(_ stand: AxonStand) -> MinerTarget {
    MinerTarget(uid: UID(0), hotkey: Hotkey(stand.miner.account), peer: stand.peer)
  }

  private func absent(_ name: String) -> MinerTarget {
    let account = KeyPair.development(name: name).account
    return MinerTarget(
      uid: UID(9), hotkey: Hotkey(account), peer: ExchangePeer(account: account, at: .loop(name.lowercased())))
  }

  private func word(_ answer: DendriteAnswer) -> String {
    switch answer.outcome {
    case .answered: "answered"
    case .answeredInParts(let parts, _, _): "answered in \(parts.count) parts"
    case .refused(let refusal): "refused \(refusal.status.rawValue)"
    case .timedOut: "timed out"
    case .failed: "failed"
    case .skipped: "skipped"
    case .notServing: "not serving"
    }
  }

  @Test func answersComeInTheOrderOfTheTargets() async throws {
    let stand = try await AxonStand()
    let dendrite = dendrite(stand)
    let idle = MinerTarget(uid: UID(3), hotkey: Hotkey(stand.stranger.account), peer: nil)
    let targets = [absent("Nobody"), target(stand), idle]
    let words = try await stand.serving {
      await dendrite.ask(targets, message, Probe.payload(.echo), deadline: .seconds(2)).map(word)
    }
    #expect(words == ["failed", "answered", "not serving"])
  }

  @Test func aMinerThatFailedThreeTimesIsLeftAloneForAWhile() async throws {
    let stand = try await AxonStand()
    let dendrite = dendrite(stand)
    let words = try await stand.serving {
      var words: [String] = []
      for _ in 0..<4 {
        words += await dendrite.ask([absent("Gone")], message, [], deadline: .milliseconds(100)).map(word)
      }
      try await stand.clock.pass(.seconds(3))
      for _ in 0..<2 {
        words += await dendrite.ask([absent("Gone")], message, [], deadline: .milliseconds(100)).map(word)
      }
      return words
    }
    #expect(words == ["failed", "failed", "failed", "skipped", "failed", "skipped"])
  }

  @Test func aSignedRefusalIsASignOfLife() async throws {
    let stand = try await AxonStand()
    let dendrite = dendrite(stand)
    let words = try await stand.serving {
      var words: [String] = []
      for _ in 0..<4 {
        words += await dendrite.ask(
          [target(stand)], message, Probe.payload(.refuse), deadline: .seconds(1)
        ).map(word)
      }
      return words
    }
    #expect(words == Array(repeating: "refused 403", count: 4))
  }

  @Test func anAnswerOfManyFramesArrivesWhole() async throws {
    let stand = try await AxonStand()
    let dendrite = dendrite(stand)
    let answers = try await stand.serving {
      await dendrite.ask([target(stand)], message, Probe.payload(.long), deadline: .seconds(5))
    }
    guard case .answered(let bytes, _) = answers[0].outcome else {
      Issue.record("an unexpected outcome: \(answers[0].outcome)")
      return
    }
    #expect(bytes.count > 700_000)
  }
}
