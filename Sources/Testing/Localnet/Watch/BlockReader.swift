import Neurons
import Primitives
import Wire

/// Questions about one block of a chain.
struct BlockReader {
  let client: ChainClient
  let block: BlockNumber

  /// Rows that one answer brings.
  private static let pageRows: UInt64 = 256

  /// The answer to a query.
  func answer(_ query: String, _ arguments: Fields) async throws(ChainClientError) -> Fields {
    let answer = try await client.ask(query, arguments, at: block)
    guard let fields = answer.fields else { throw .unreadable(query: query, .missing(field: query)) }
    return fields
  }

  /// All rows of a query that answers in pages.
  func rows(_ name: String, of query: String, _ arguments: Fields = [:]) async throws(ChainClientError) -> [Fields] {
    var rows: [Fields] = []
    var cursor: [UInt8] = []
    repeat {
      var page = arguments
      page.append("cursor", .bytes(cursor))
      page.append("limit", .unsigned(BlockReader.pageRows))
      let fields = try await answer(query, page)
      do throws(WireError) {
        rows += try fields.groups(name)
        cursor = try fields.bytes("next_cursor")
      } catch {
        throw .unreadable(query: query, error)
      }
    } while !cursor.isEmpty
    return rows
  }
}
