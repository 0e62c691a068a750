import Ledger
import Primitives
import Testing
import Wire

/// Every query against its two messages.
@Suite struct QuerySchemaTests {
  private static let names = QueryTable.all.map { $0.name }
  /// What the node answers by itself.
  private static let nodes = [
    "status", "chain_head", "submit", "submit_and_wait", "receipt", "block_at", "events", "heads_after", "snapshot",
    "submit_many", "advance", "keep_point", "return_to_point", "go_to",
  ]

  @Test func everyQueryIsAMemberOfTheRequest() {
    let members = Set(MessageName.queryRequest.fields.filter(\.isOneof).map(\.name))
    for name in Self.names { #expect(members.contains(name), "\(name)") }
    #expect(Set(Self.names).count == Self.names.count)
  }

  @Test func whatTheNodeAnswersIsNotAskedOfTheState() throws {
    let network = try QueryNetwork()
    for name in Self.nodes { #expect(try network.state.reply(to: name, [:], with: QueryNetwork.host) == nil) }
    #expect(try network.state.reply(to: "no such thing", [:], with: QueryNetwork.host) == nil)
  }

  @Test func everyMemberIsAnsweredByTheStateOrByTheNode() {
    let members = MessageName.queryRequest.fields.filter(\.isOneof).map(\.name)
    #expect(Set(members) == Set(Self.names).union(Self.nodes))
  }

  @Test(arguments: names)
  func argumentsAreTheFieldsOfTheRequest(name: String) throws {
    let type = try #require(QueryTable.type(named: name))
    let message = try #require(member(name, of: .queryRequest))
    #expect(blankFields(type).entries.map(\.name) == message.fields.map(\.name))
  }

  @Test(arguments: names)
  func answersAreTheFieldsOfTheReply(name: String) throws {
    let type = try #require(QueryTable.type(named: name))
    let message = try #require(member(name, of: .queryReply))
    expectSameFields(answerDescriptions(type), message)
  }

  private func expectSameFields(_ descriptions: [FieldDescription], _ message: MessageName) {
    let companions = Set(descriptions.filter(\.isOptional).map { "has_" + $0.name })
    let expected = message.fields.map(\.name).filter { !companions.contains($0) }
    #expect(descriptions.map(\.name) == expected, "\(message)")
  }

  private func member(_ name: String, of message: MessageName) -> MessageName? {
    guard case .message(let inner)? = message.fields.first(where: { $0.name == name })?.kind else { return nil }
    return inner
  }

  private func blankFields<Query: StateQuery>(_ type: Query.Type) -> Fields { Query().fields }

  private func answerDescriptions<Query: StateQuery>(_ type: Query.Type) -> [FieldDescription] {
    Query.Answer.fieldDescriptions
  }
}
