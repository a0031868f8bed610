import type { PostgresSchema } from './schema.ts';

/**
 * The statements that spread tables over the nodes of a Citus cluster, to be run once on the coordinator, in the namespace
 * of the tables, after the first start has made them and before there is much in them.
 *
 * Tables that share a column are placed together, so that what is joined and committed together lies on one node.
 */
export function describeDistribution(schemas: readonly PostgresSchema[]): string {
  const tables = schemas.flatMap((schema) => Object.entries(schema.tables));
  const leaders = new Map<string, string>();
  const lines = tables.map(([table, place]) => {
    if (place === 'reference') return `SELECT create_reference_table('${table}');`;
    const leader = leaders.get(place.by);
    leaders.set(place.by, leader ?? table);
    const together = leader === undefined ? '' : `, colocate_with => '${leader}'`;
    return `SELECT create_distributed_table('${table}', '${place.by}'${together});`;
  });
  return [...lines, `SELECT create_reference_table('schema_version');`, ''].join('\n');
}
