import Testing

@testable import Wire

@Suite struct SchemaTests {
  @Test func noMessageContainsItselfAndNoneIsNestedTooDeeply() {
    func depth(_ message: MessageName, inside path: [MessageName]) -> Int {
      if path.contains(message) {
        Issue.record("\(message) contains itself.")
        return .max
      }
      let inner = message.fields.compactMap { field -> Int? in
        guard case .message(let inner) = field.kind else { return nil }
        return depth(inner, inside: path + [message])
      }
      return 1 + (inner.max() ?? 0)
    }
    for message in MessageName.roots { #expect(depth(message, inside: []) <= MessageSchema.depthLimit) }
  }

  @Test func listsHoldOnlyNumbersBytesAndMessagesAndNumbersArePacked() {
    for (name, shape) in MessageSchema.compiled.shapes {
      for field in shape.fields where field.isRepeated {
        switch field.kind {
        case .unsigned32, .unsigned64: #expect(field.isPacked, "\(name).\(field.name)")
        case .bytes, .message: break
        case .signed64, .flag, .enumeration: Issue.record("\(name).\(field.name) repeats \(field.kind).")
        }
      }
    }
  }

  @Test func everyCompanionFlagFollowsTheValueItSpeaksOf() {
    for message in MessageName.all {
      for (index, field) in message.fields.enumerated() where field.name.hasPrefix("has_") {
        guard message.fields.contains(where: { "has_" + $0.name == field.name }) else {
          #expect(field.name == "has_events", "\(message).\(field.name)")
          continue
        }
        #expect(field.kind == .flag)
        #expect(index > 0 && "has_" + message.fields[index - 1].name == field.name, "\(message).\(field.name)")
      }
    }
  }

  @Test func rootsAreFoundByTheirNames() {
    #expect(MessageName.roots.count == 17)
    #expect(MessageName("Call") == .call)
    #expect(MessageName("Call.Transfer")?.fields.map(\.name) == ["to", "amount"])
    #expect(MessageName("call") == nil)
  }

  @Test func aMetagraphFieldIsNumberedAfterItsIndex() throws {
    let metagraph = try #require(MessageName("Metagraph"))
    #expect(metagraph.fields.map(\.number) == Array(1...79))
    #expect(metagraph.fields[52].name == "hotkeys")
    #expect(metagraph.fields[78].name == "next_epoch_block")
  }

  @Test func answersHaveTheNumbersOfTheirQuestions() throws {
    let questions = MessageName.queryRequest.fields.filter(\.isOneof)
    let answers = MessageName.queryReply.fields.filter(\.isOneof)
    #expect(questions.map(\.number) == answers.map(\.number))
    #expect(questions.map(\.name) == answers.map(\.name))
  }

  @Test func eventsAreNumberedWithoutGaps() {
    let events = MessageName.event.fields
    #expect(events.map(\.number) == Array(1...90))
    #expect(events.first?.name == "hotkey_associated")
    #expect(events.last?.name == "voting_power_tracking_disabled")
  }
}
