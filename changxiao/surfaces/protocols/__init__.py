"""Protocols 接口: mounts the rooms' REST API at `/api/v1`; a surface, so nobody imports it."""
