server.listen({ port: 8081 })
