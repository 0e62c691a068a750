/// The tables, as plain `sqlite3` shows them. Amounts are whole rao, times milliseconds since 1970, hashes and keys
/// 32-byte blobs (`hex(hash)`); a text that is null says that there is none.
///
/// `blocks`, `extrinsics` and `events` are the documented history; the latter two are views over rows that are kept in
/// the order in which they came, which is the cheapest there is to write.
///
/// ```sql
/// -- What happened in one block:
/// SELECT idx, call, error, fee_rao FROM extrinsics WHERE height = 7;
/// -- What one account did, newest first (quick; the newest 64 blocks may be missing from the index):
/// SELECT height, call, error, fee_rao FROM account_extrinsics WHERE signer = x'...' ORDER BY height DESC;
/// -- The same with nothing missing, by looking at all:
/// SELECT height, call, error, fee_rao FROM extrinsics WHERE signer = x'...' ORDER BY height DESC;
/// -- What was unstaked in subnet 3:
/// SELECT height, json_extract(fields, '$.amount') FROM events WHERE netuid = 3 AND name = 'StakeRemoved';
/// ```
///
/// Read a copy or a running store with `sqlite3 -readonly`; a write by anything else is reported as damage.
enum Schema {
  /// Raised by every change of the tables.
  static let version: Int64 = 2

  static let tables =
    [
      // What the file is: rows 'schema_version' and 'genesis_hash' (hexadecimal).
      "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
      // `digest` = hash of the previous digest and of all columns and rows of this block; see `StoredBlock.digest`.
      """
      CREATE TABLE blocks (
        height INTEGER PRIMARY KEY, hash BLOB NOT NULL, parent BLOB NOT NULL, timestamp INTEGER NOT NULL,
        state_root BLOB NOT NULL, header BLOB NOT NULL, body BLOB NOT NULL, digest BLOB NOT NULL)
      """,
      "CREATE UNIQUE INDEX blocks_by_hash ON blocks (hash)",
      // The state after a block: canonical bytes whose hash is the header's state root.
      """
      CREATE TABLE snapshots (
        height INTEGER PRIMARY KEY, state_root BLOB NOT NULL, body BLOB NOT NULL, digest BLOB NOT NULL)
      """,
    ] + rowTables + views

  /// The rows of blocks: `place` is the height times 2^24, plus the index in the block. See `RowPlace`.
  static let rowTables = [
    // `code` 0 is success; `error` is the name that belongs to another code, `error_path` leads into nested calls.
    """
    CREATE TABLE extrinsic_rows (
      place INTEGER PRIMARY KEY, id BLOB NOT NULL, signer BLOB NOT NULL, nonce INTEGER NOT NULL,
      call TEXT NOT NULL, code INTEGER NOT NULL, error TEXT, error_path TEXT, fee_rao INTEGER NOT NULL)
    """,
    // `extrinsic` is the idx of the cause, null for the block step; `fields` is JSON, `encoded` the network's form.
    """
    CREATE TABLE event_rows (
      place INTEGER PRIMARY KEY, extrinsic INTEGER, name TEXT NOT NULL, netuid INTEGER,
      fields TEXT NOT NULL, encoded BLOB NOT NULL)
    """,
    // Where an extrinsic is, by its id and by its account; both lag behind the rows, see `LateIndex`.
    "CREATE TABLE extrinsic_ids (id BLOB PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE extrinsic_signers (
      signer BLOB NOT NULL, nonce INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (signer, nonce, place))
      WITHOUT ROWID
    """,
  ]

  private static let views = [
    """
    CREATE VIEW extrinsics AS
      SELECT b.height AS height, r.place & 16777215 AS idx, r.id AS id, r.signer AS signer, r.nonce AS nonce,
        r.call AS call, r.code AS code, r.error AS error, r.error_path AS error_path, r.fee_rao AS fee_rao
      FROM blocks AS b JOIN extrinsic_rows AS r ON r.place BETWEEN b.height << 24 AND (b.height << 24) + 16777215
    """,
    """
    CREATE VIEW events AS
      SELECT b.height AS height, r.place & 16777215 AS idx, r.extrinsic AS extrinsic, r.name AS name,
        r.netuid AS netuid, r.fields AS fields, r.encoded AS encoded
      FROM blocks AS b JOIN event_rows AS r ON r.place BETWEEN b.height << 24 AND (b.height << 24) + 16777215
    """,
    """
    CREATE VIEW account_extrinsics AS
      SELECT s.signer AS signer, s.nonce AS nonce, r.place >> 24 AS height, r.place & 16777215 AS idx, r.id AS id,
        r.call AS call, r.code AS code, r.error AS error, r.error_path AS error_path, r.fee_rao AS fee_rao
      FROM extrinsic_signers AS s JOIN extrinsic_rows AS r ON r.place = s.place
    """,
  ]

  /// From version 1, whose `extrinsics` and `events` were tables with indexes, in one transaction.
  static let upgradeFromFirst =
    rowTables + [
      """
      INSERT INTO extrinsic_rows
        SELECT height << 24 | idx, id, signer, nonce, call, code, error, error_path, fee_rao
        FROM extrinsics ORDER BY height, idx
      """,
      """
      INSERT INTO event_rows
        SELECT height << 24 | idx, extrinsic, name, netuid, fields, encoded FROM events ORDER BY height, idx
      """,
      "INSERT INTO extrinsic_ids SELECT id, place FROM extrinsic_rows ORDER BY id",
      "INSERT INTO extrinsic_signers SELECT signer, nonce, place FROM extrinsic_rows ORDER BY signer, nonce",
      "DROP TABLE extrinsics", "DROP TABLE events",
    ] + views + ["UPDATE meta SET value = '2' WHERE key = 'schema_version'"]
}
