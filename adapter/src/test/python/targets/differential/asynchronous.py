import asyncio
async def tick(n):
    await asyncio.sleep(0)
    return n
async def main():
    print(await asyncio.gather(*[tick(n) for n in range(5)]))
    process = await asyncio.create_subprocess_exec("echo", "child", stdout=asyncio.subprocess.PIPE)
    print(await process.communicate())
    raise RuntimeError("out of main")
asyncio.run(main())
